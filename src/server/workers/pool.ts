import { UserError } from "../../errors/user-error.js";
import type { Options } from "../../options/table.js";
import { sharedOptions } from "../../page/shared-options.js";
import type { SourceRequest } from "../../session/request.js";
import type { Warn } from "../../session/show/notices.js";
import { RefusedRequest } from "../answer.js";
import { REPORT_LIMITS, type ReportLimits } from "./limits.js";
import type { FromWorker, OpenedProfile, SentError, Task } from "./messages.js";
import { ReportProcess } from "./process.js";
import { type OutputReader, SharedOutput } from "./shared-output.js";
import { LARGE_BYTES, SlowTasks, takesLong } from "./slow-tasks.js";

/** Quick reports have one worker for themselves, so that they do not wait for slow ones. */
type Lane = "quick" | "slow";

interface PoolWorker {
  readonly process: ReportProcess;
  lane: Lane;
  /** Whether it has read the profile. */
  isReady: boolean;
  job: Job | undefined;
  idleTimer: NodeJS.Timeout | undefined;
}

/** A task that somebody waits for. */
interface Job {
  readonly key: string;
  readonly task: Task;
  readonly output: SharedOutput;
  lane: Lane;
  worker: PoolWorker | undefined;
  /** When it was started, and when it or its client last got on, by {@link performance}. */
  startedAt: number;
  activeAt: number;
  /** Whether the worker waits until there is room for more output. */
  isPaused: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** How a {@link ReportPool} works. */
export interface PoolSettings {
  /** The program of its processes. */
  readonly script: string;
  /** Whether one of the sources is standard input. */
  readonly usesStdin: boolean;
  /** Gets a line for each worker that ends by itself. */
  readonly warn: Warn;
  readonly limits?: ReportLimits;
}

/** A profile that was opened, with its bytes as a file, in pieces. */
export interface OpenedFile extends OpenedProfile {
  readonly pieces: readonly Uint8Array[];
}

const READER_ENDED =
  "the process that reads the profile has ended, most likely for lack of memory; -max_size limits what a profile may need";

/** A source that is wrong at first sight has failed after this time. */
const FIRST_SIGHT_MS = 300;

/** How often a job that is not quick is looked at. */
const REVIEW_MS = 50;

/** A client that was refused because too many reports wait may ask again after this long. */
const RETRY_SECONDS = 10;

/**
 * Makes reports in processes of their own. The first one reads the profile, others get a copy
 * of it when they are needed. One worker has the quick reports; a report that takes longer
 * than expected goes on among the slow ones, and another worker takes its place.
 */
export class ReportPool {
  readonly #script: string;
  readonly #limits: ReportLimits;
  readonly #warn: Warn;
  readonly #workers = new Set<PoolWorker>();
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: Record<Lane, Job[]> = { quick: [], slow: [] };
  readonly #slowTasks = new SlowTasks();
  readonly #reader: PoolWorker;
  #onRead: (message: FromWorker | undefined) => void = () => {};
  #source:
    | { readonly opened: OpenedFile; readonly options: Options; readonly isLarge: boolean }
    | undefined;
  #isEnded = false;

  /** Starts the process that will read the profile, since that takes a moment. */
  constructor({ script, usesStdin, warn, limits = REPORT_LIMITS }: PoolSettings) {
    this.#script = script;
    this.#warn = warn;
    this.#limits = limits;
    this.#reader = this.#start({ stdin: usesStdin }, (message) => this.#onRead(message));
  }

  /**
   * Reads the sources. Rejects with an Error of one line where there is no profile to be had;
   * `onReading` is called where that is not known soon.
   */
  async open(
    request: SourceRequest,
    title: string,
    onReading: () => void = () => {},
  ): Promise<OpenedFile> {
    const pieces: Uint8Array[] = [];
    const opened = await new Promise<OpenedProfile>((resolve, reject) => {
      this.#onRead = (message) => {
        if (message?.type === "bytes") pieces.push(message.bytes);
        else if (message?.type === "started") setTimeout(onReading, FIRST_SIGHT_MS).unref();
        else if (message?.type === "reading") onReading();
        else if (message?.type === "opened") resolve(message.opened);
        else if (message?.type === "failed") reject(errorOf(message.error));
        else reject(new UserError(READER_ENDED));
      };
      if (!this.#workers.has(this.#reader)) reject(new UserError(READER_ENDED));
      void this.#reader.process.send({ type: "open", request, title });
    });
    const isLarge = pieces.reduce((sum, { length }) => sum + length, 0) > LARGE_BYTES;
    const options = sharedOptions(request.options);
    this.#source = { opened: { ...opened, pieces }, options, isLarge };
    this.#reader.isReady = true;
    this.#dispatch();
    return this.#source.opened;
  }

  /**
   * Starts a task, or joins in where it is under way. Throws a {@link RefusedRequest} where too
   * many wait already; so does the reader where the task asks for too much.
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

  /** Ends all workers, whatever they do; resolves when they have ended. */
  async end(): Promise<void> {
    this.#isEnded = true;
    for (const { timer } of this.#jobs.values()) clearTimeout(timer);
    await Promise.all(Array.from(this.#workers, (worker) => this.#retire(worker)));
  }

  /** The lane for a new job. Throws a {@link RefusedRequest} where there is no room in it. */
  #laneFor(task: Task, key: string): Lane {
    // The machine may just have been busy the last time: such a report gets another chance.
    const wasSlow = this.#slowTasks.has(key) && this.#hasRoom("slow");
    const isSlow = wasSlow || takesLong(task, this.#source?.isLarge ?? false);
    const lane = isSlow ? "slow" : "quick";
    if (this.#hasRoom(lane)) return lane;
    throw new RefusedRequest(
      503,
      `the server is busy with ${this.#count(lane)} other reports; try again in ${RETRY_SECONDS} seconds`,
      { "Retry-After": String(RETRY_SECONDS) },
    );
  }

  #hasRoom(lane: Lane): boolean {
    const { waitingQuick, waitingSlow, slowWorkers } = this.#limits;
    return this.#count(lane) < (lane === "quick" ? 1 + waitingQuick : slowWorkers + waitingSlow);
  }

  /** How many reports of a lane are made or wait. */
  #count(lane: Lane): number {
    return [...this.#jobs.values()].filter((job) => job.lane === lane).length;
  }

  /** Gives waiting jobs to workers, and starts those workers that are missing. */
  #dispatch(): void {
    if (this.#isEnded || !this.#source) return;
    const quick = this.#quickWorker();
    if (isFree(quick)) this.#assign(quick);
    const slow = this.#slowWorkers();
    const { slowWorkers } = this.#limits;
    let busy = slow.filter((worker) => !isFree(worker)).length;
    for (const worker of slow)
      if (isFree(worker) && busy < slowWorkers && this.#assign(worker)) busy++;
    if (this.#waiting.slow.length > 0 && slow.length < slowWorkers) this.#startCopy("slow");
    for (const worker of slow) {
      if (isFree(worker)) {
        worker.idleTimer ??= setTimeout(() => void this.#retire(worker), this.#limits.idleMs);
      }
    }
  }

  #slowWorkers(): PoolWorker[] {
    return [...this.#workers].filter(({ lane }) => lane === "slow");
  }

  #quickWorker(): PoolWorker {
    return [...this.#workers].find(({ lane }) => lane === "quick") ?? this.#startCopy("quick");
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

  /** How long a report may take while others wait for its worker. */
  get #quickMs(): number {
    const { quickMs, mostQuickMs } = this.#limits;
    return Math.min(Math.max(quickMs, this.#source?.opened.copyMs ?? 0), mostQuickMs);
  }

  /** Looks at a job that turned out not to be quick. It stays where it is while it is in no one's way. */
  #review(job: Job): void {
    const elapsed = performance.now() - job.startedAt;
    const isUnwanted = !job.output.hasReaders && elapsed > this.#limits.mostQuickMs;
    if (isUnwanted || this.#waiting.quick.length > 0) this.#moveToSlow(job);
    else if (elapsed > this.#limits.reportMs) this.#watch(job);
    else job.timer = setTimeout(() => this.#review(job), REVIEW_MS);
  }

  /** Takes a job out of the quick lane: it goes on where it is if there is room, or starts again. */
  #moveToSlow(job: Job): void {
    const { worker } = job;
    if (!worker || job.lane === "slow") return;
    clearTimeout(job.timer);
    if (!job.output.hasReaders) {
      this.#close(job);
      void this.#retire(worker);
      this.#dispatch();
      return;
    }
    const { slowWorkers, extraWorkers } = this.#limits;
    if (this.#slowWorkers().length < slowWorkers + extraWorkers) {
      worker.lane = "slow";
      worker.process.yieldToOthers();
      job.lane = "slow";
      job.output.release();
      this.#watch(job);
      this.#continue(job);
    } else {
      void this.#retire(worker);
      job.worker = undefined;
      job.lane = "slow";
      job.output.reset();
      this.#waiting.slow.push(job);
    }
    this.#dispatch();
  }

  /** Ends a job when it, or its client, has not got on for too long. */
  #watch(job: Job): void {
    const { reportMs } = this.#limits;
    const left = job.activeAt + reportMs - performance.now();
    if (left > 0) {
      job.timer = setTimeout(() => this.#watch(job), left);
      return;
    }
    const { worker } = job;
    const message = job.isPaused
      ? `nobody read this report for ${reportMs / 1000} s`
      : `this report takes more than ${reportMs / 1000} s, the limit of the server. ${ASK_FOR_LESS}`;
    this.#close(job, new RefusedRequest(422, message));
    if (worker) void this.#retire(worker);
    this.#dispatch();
  }

  /** Asks for more output if there is room for it. */
  #continue(job: Job): void {
    const { worker, output } = job;
    if (!worker || !job.isPaused) return;
    if (output.heldBytes < this.#limits.heldBytes) {
      job.isPaused = false;
      job.activeAt = performance.now();
      void worker.process.send({ type: "more" });
    } else if (job.lane === "quick") {
      // Long output depends on how fast clients read.
      this.#moveToSlow(job);
    }
  }

  /** Ends a job that nobody waits for; a quick one is left to end by itself. */
  #abandon(job: Job): void {
    const { worker, lane } = job;
    if (!worker) {
      this.#close(job);
    } else if (lane === "slow") {
      this.#close(job);
      void this.#retire(worker);
      this.#dispatch();
    }
  }

  /** Forgets a job; its readers get `error`, if that is given, or the end of the output. */
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

  /** Starts a worker; until it is ready, `onStarting` gets its messages, and undefined when it ends. */
  #start(
    reads: { readonly stdin: boolean } | undefined,
    onStarting: (message: FromWorker | undefined) => void,
  ): PoolWorker {
    const process = new ReportProcess(
      { script: this.#script, ...(reads && { reads }) },
      {
        onMessage: (message) => {
          if (worker.isReady) this.#receive(worker, message);
          else onStarting(message);
        },
        onExit: () => {
          if (!this.#workers.delete(worker)) return;
          if (worker.isReady) this.#lose(worker);
          else onStarting(undefined);
        },
      },
    );
    const worker: PoolWorker = {
      ...{ process, lane: "quick", isReady: false, job: undefined, idleTimer: undefined },
    };
    this.#workers.add(worker);
    return worker;
  }

  /** Starts a worker with a copy of the profile. */
  #startCopy(lane: Lane): PoolWorker {
    const worker = this.#start(undefined, (message) => {
      if (message?.type === "restored") {
        worker.isReady = true;
        this.#dispatch();
        return;
      }
      // Another one would fail in the same way, so that no other is started now.
      void this.#retire(worker);
      const { message: reason } = message?.type === "failed" ? message.error : { message: "" };
      const error = new UserError(
        `no process for reports could be started${reason && `: ${reason}`}`,
      );
      for (const job of [...this.#waiting[worker.lane]]) this.#close(job, error);
    });
    worker.lane = lane;
    if (lane === "slow") worker.process.yieldToOthers();
    void this.#sendProfile(worker);
    return worker;
  }

  async #sendProfile({ process }: PoolWorker): Promise<void> {
    if (!this.#source) return;
    const { opened, options } = this.#source;
    const { pieces, ...rest } = opened;
    for (const bytes of pieces) await process.send({ type: "bytes", bytes });
    await process.send({ type: "restore", opened: rest, options });
  }

  #receive(worker: PoolWorker, message: FromWorker): void {
    const { job } = worker;
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
        this.#close(job, errorOf(message.error));
        break;
      default:
        return;
    }
    this.#dispatch();
  }

  /** A worker has ended by itself, which is most often for lack of memory. */
  #lose({ job }: PoolWorker): void {
    if (job) {
      const line = "the process that made this report has ended, most likely for lack of memory.";
      this.#warn(`${line} The others go on`);
      this.#close(job, new RefusedRequest(422, `${line} ${ASK_FOR_LESS}`));
    }
    this.#dispatch();
  }

  async #retire(worker: PoolWorker): Promise<void> {
    clearTimeout(worker.idleTimer);
    worker.job = undefined;
    this.#workers.delete(worker);
    await worker.process.end();
  }
}

const ASK_FOR_LESS =
  "Ask for less: fewer nodes (n=50), no small ones (nf=0.01, ef=0.01), or a part of the profile (f=REGEX); " +
  "tsprof on the command line has no such limit";

function isFree({ isReady, job }: PoolWorker): boolean {
  return isReady && !job;
}

function errorOf({ code, name, message, stack }: SentError): Error {
  const error = code === undefined ? new Error(message) : new UserError(message, { code });
  return Object.assign(error, { name, stack });
}
