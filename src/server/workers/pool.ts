import { UserError } from "../../errors/user-error.js";
import { sharedOptions } from "../../page/shared-options.js";
import type { SourceRequest } from "../../session/request.js";
import type { Warn } from "../../session/show/messages.js";
import { RefusedRequest } from "../answer.js";
import { isFree, type Job, type Lane, type OpenedFile, type PoolWorker } from "./job.js";
import { REPORT_LIMITS, type ReportLimits } from "./limits.js";
import type { FromWorker, Task } from "./messages.js";
import { ProfileReader, receivedError } from "./profile-reader.js";
import { type OutputReader, SharedOutput } from "./shared-output.js";
import { LARGE_BYTES, SlowTasks, takesLong } from "./slow-tasks.js";
import { type CopySource, WorkerSet } from "./worker-set.js";

export interface PoolSettings {
  /** The script of its processes. */
  readonly script: string;
  /** Whether one of the sources is standard input. */
  readonly usesStdin: boolean;
  /** Gets a line for each worker that ends unexpectedly. */
  readonly warn: Warn;
  readonly limits?: ReportLimits;
}

/** The time between two reviews of a quick job that has become slow. */
const REVIEW_MS = 50;

/** When a client may try again after it was refused because too many reports wait. */
const RETRY_AFTER_S = 10;

/**
 * Makes reports in processes of their own. The first process reads the profile; the others get
 * copies. One worker makes the quick reports. If a report takes longer than expected, its worker
 * joins the workers for slow reports, and another worker takes its place.
 */
export class ReportPool {
  readonly #limits: ReportLimits;
  readonly #warn: Warn;
  readonly #workers: WorkerSet;
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: Record<Lane, Job[]> = { quick: [], slow: [] };
  readonly #slowTasks = new SlowTasks();
  readonly #reader: ProfileReader;
  #source: (CopySource & { readonly isLarge: boolean }) | undefined;
  #isEnded = false;

  constructor({ script, usesStdin, warn, limits = REPORT_LIMITS }: PoolSettings) {
    this.#warn = warn;
    this.#limits = limits;
    this.#workers = new WorkerSet(script, {
      onMessage: (worker, message) => this.#receive(worker, message),
      onLost: (worker) => this.#lose(worker),
    });
    this.#reader = new ProfileReader(this.#workers, usesStdin);
  }

  /** Reads the sources: see {@link ProfileReader.read}. */
  async open(
    request: SourceRequest,
    title: string,
    onReading: () => void = () => {},
  ): Promise<OpenedFile> {
    const opened = await this.#reader.read(request, title, onReading);
    const bytes = opened.pieces.reduce((sum, { length }) => sum + length, 0);
    const options = sharedOptions(request.options);
    this.#source = { opened, options, isLarge: bytes > LARGE_BYTES };
    this.#dispatch();
    return opened;
  }

  /**
   * Starts a task, or joins an equal task that is running. Throws a {@link RefusedRequest} if too
   * many tasks wait; the reader throws one if the task exceeds the limits.
   */
  run(task: Task): OutputReader {
    const key = JSON.stringify(task);
    const known = this.#jobs.get(key);
    if (known?.output.isComplete) return known.output.join();
    const lane = this.#laneFor(task, key);
    const output = new SharedOutput({
      onTaken: () => {
        job.activeAt = performance.now();
        this.#continue(job);
      },
      onAbandoned: () => this.#abandon(job),
    });
    const job: Job = {
      ...{ key, task, output, lane, worker: undefined, timer: undefined },
      ...{ startedAt: 0, activeAt: 0, isPaused: false },
    };
    this.#jobs.set(key, job);
    this.#waiting[lane].push(job);
    const reader = output.join();
    this.#dispatch();
    return reader;
  }

  /** Ends all workers, even busy ones; resolves when they have ended. */
  async end(): Promise<void> {
    this.#isEnded = true;
    for (const { timer } of this.#jobs.values()) clearTimeout(timer);
    await this.#workers.retireAll();
  }

  /** Returns the lane for a new job. Throws a {@link RefusedRequest} if the lane is full. */
  #laneFor(task: Task, key: string): Lane {
    // A report that was slow last time goes to the slow lane only if there is room: perhaps it was
    // slow because the machine was busy.
    const wasSlow = this.#slowTasks.has(key) && this.#hasRoom("slow");
    const isSlow = wasSlow || takesLong(task, this.#source?.isLarge ?? false);
    const lane = isSlow ? "slow" : "quick";
    if (this.#hasRoom(lane)) return lane;
    throw new RefusedRequest(
      503,
      `the server is busy with ${this.#count(lane)} other reports; try again in ${RETRY_AFTER_S} seconds`,
      { "Retry-After": String(RETRY_AFTER_S) },
    );
  }

  #hasRoom(lane: Lane): boolean {
    const { waitingQuick, waitingSlow, slowWorkers } = this.#limits;
    return this.#count(lane) < (lane === "quick" ? 1 + waitingQuick : slowWorkers + waitingSlow);
  }

  /** Counts the jobs of a lane that run or wait. */
  #count(lane: Lane): number {
    return [...this.#jobs.values()].filter((job) => job.lane === lane).length;
  }

  /** Gives waiting jobs to workers, and starts workers that are missing. */
  #dispatch(): void {
    if (this.#isEnded || !this.#source) return;
    const quick = this.#workers.inLane("quick").at(0) ?? this.#startCopy("quick", this.#source);
    if (isFree(quick)) this.#assign(quick);
    const slow = this.#workers.inLane("slow");
    const { slowWorkers, idleMs } = this.#limits;
    let busy = slow.filter((worker) => !isFree(worker)).length;
    for (const worker of slow)
      if (isFree(worker) && busy < slowWorkers && this.#assign(worker)) busy++;
    if (this.#waiting.slow.length > 0 && slow.length < slowWorkers) {
      this.#startCopy("slow", this.#source);
    }
    for (const worker of slow) {
      if (isFree(worker)) {
        worker.idleTimer ??= setTimeout(() => void this.#workers.retire(worker), idleMs);
      }
    }
  }

  #startCopy(lane: Lane, source: CopySource): PoolWorker {
    const worker = this.#workers.startCopy(lane, source, (message) => {
      if (message?.type === "restored") {
        worker.isReady = true;
        this.#dispatch();
        return;
      }
      // Another copy would fail in the same way, so the waiting jobs fail too.
      void this.#workers.retire(worker);
      const { message: reason } = message?.type === "failed" ? message.error : { message: "" };
      const error = new UserError(
        `no process for reports could be started${reason && `: ${reason}`}`,
      );
      for (const job of [...this.#waiting[worker.lane]]) this.#close(job, error);
    });
    return worker;
  }

  /** Gives the next job of its lane to a worker; returns whether there was one. */
  #assign(worker: PoolWorker): boolean {
    const job = this.#waiting[worker.lane].shift();
    if (!job) return false;
    clearTimeout(worker.idleTimer);
    worker.idleTimer = undefined;
    worker.job = job;
    job.worker = worker;
    job.startedAt = performance.now();
    job.activeAt = job.startedAt;
    job.isPaused = false;
    if (job.lane === "slow") {
      job.output.release();
      this.#watch(job);
    } else {
      job.timer = setTimeout(() => this.#review(job), this.#quickMs);
    }
    void worker.process.send({ type: "task", task: job.task });
    return true;
  }

  /** The time that a report may take while others wait for its worker, in milliseconds. */
  get #quickMs(): number {
    const { quickMs, mostQuickMs } = this.#limits;
    return Math.min(Math.max(quickMs, this.#source?.opened.copyMs ?? 0), mostQuickMs);
  }

  /** Moves a quick job that has become slow to the slow lane if other jobs wait for its worker. */
  #review(job: Job): void {
    const elapsed = performance.now() - job.startedAt;
    const isUnwanted = !job.output.hasReaders && elapsed > this.#limits.mostQuickMs;
    if (isUnwanted || this.#waiting.quick.length > 0) this.#moveToSlow(job);
    else if (elapsed > this.#limits.reportMs) this.#watch(job);
    else job.timer = setTimeout(() => this.#review(job), REVIEW_MS);
  }

  /** Moves a quick job to the slow lane, with its worker if there is room; otherwise it restarts. */
  #moveToSlow(job: Job): void {
    const { worker } = job;
    if (!worker || job.lane === "slow") return;
    clearTimeout(job.timer);
    if (!job.output.hasReaders) {
      this.#close(job);
      void this.#workers.retire(worker);
      this.#dispatch();
      return;
    }
    const { slowWorkers, extraWorkers } = this.#limits;
    if (this.#workers.inLane("slow").length < slowWorkers + extraWorkers) {
      worker.lane = "slow";
      worker.process.yieldToOthers();
      job.lane = "slow";
      job.output.release();
      this.#watch(job);
      this.#continue(job);
    } else {
      void this.#workers.retire(worker);
      job.worker = undefined;
      job.lane = "slow";
      job.output.reset();
      this.#waiting.slow.push(job);
    }
    this.#dispatch();
  }

  /** Ends a job when neither the job nor its client has made progress for too long. */
  #watch(job: Job): void {
    const { reportMs } = this.#limits;
    const left = job.activeAt + reportMs - performance.now();
    if (left > 0) {
      job.timer = setTimeout(() => this.#watch(job), left);
      return;
    }
    const { worker } = job;
    const message = job.isPaused
      ? `no client read this report for ${reportMs / 1000} s`
      : `this report takes more than ${reportMs / 1000} s, the limit of the server. ${LIMIT_HINT}`;
    this.#close(job, new RefusedRequest(422, message));
    if (worker) void this.#workers.retire(worker);
    this.#dispatch();
  }

  /** Asks the worker of a paused job for more output if there is room for it. */
  #continue(job: Job): void {
    const { worker, output } = job;
    if (!worker || !job.isPaused) return;
    if (output.heldBytes < this.#limits.heldBytes) {
      job.isPaused = false;
      job.activeAt = performance.now();
      void worker.process.send({ type: "more" });
    } else if (job.lane === "quick") {
      // How long the job takes now depends on how fast its clients read.
      this.#moveToSlow(job);
    }
  }

  /** Ends a job without clients. A quick job that runs may finish, since that is soon. */
  #abandon(job: Job): void {
    const { worker, lane } = job;
    if (!worker) {
      this.#close(job);
    } else if (lane === "slow") {
      this.#close(job);
      void this.#workers.retire(worker);
      this.#dispatch();
    }
  }

  /** Removes a job. Its readers get `error`, or the end of the output if there is none. */
  #close(job: Job, error?: unknown): void {
    clearTimeout(job.timer);
    if (job.worker) {
      const elapsed = performance.now() - job.startedAt;
      this.#slowTasks.remember(job.key, elapsed >= this.#limits.mostQuickMs);
    }
    if (this.#jobs.get(job.key) === job) this.#jobs.delete(job.key);
    const waiting = this.#waiting[job.lane];
    const index = waiting.indexOf(job);
    if (index >= 0) waiting.splice(index, 1);
    if (job.worker) job.worker.job = undefined;
    job.worker = undefined;
    if (error === undefined) job.output.finish();
    else job.output.fail(error);
  }

  /** Handles a message from a worker that is ready. */
  #receive({ job }: PoolWorker, message: FromWorker): void {
    if (!job) return;
    switch (message.type) {
      case "piece":
        job.output.push(message.bytes);
        job.activeAt = performance.now();
        job.isPaused = true;
        this.#continue(job);
        return;
      case "done":
        this.#close(job);
        break;
      case "refused":
        this.#close(job, new RefusedRequest(message.status, message.message));
        break;
      case "error":
        this.#close(job, receivedError(message.error));
        break;
      default:
        return;
    }
    this.#dispatch();
  }

  /** Handles the unexpected end of a worker. The usual cause is a lack of memory. */
  #lose({ job }: PoolWorker): void {
    if (job) {
      const line = "the process that made this report ended, probably because memory ran out.";
      this.#warn(`${line} Other reports are not affected`);
      this.#close(job, new RefusedRequest(422, `${line} ${LIMIT_HINT}`));
    }
    this.#dispatch();
  }
}

const LIMIT_HINT =
  "Ask for less: fewer nodes (n=50), no small ones (nf=0.01, ef=0.01), or a part of the profile (f=REGEX); " +
  "tsprof on the command line has no such limit";
