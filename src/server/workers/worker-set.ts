import type { Options } from "../../options/table.js";
import type { Lane, OnStarting, OpenedFile, PoolWorker } from "./job.js";
import type { FromWorker } from "./messages.js";
import { ReportProcess } from "./process.js";

interface WorkerEvents {
  onMessage(worker: PoolWorker, message: FromWorker): void;
  /** The worker ended, and not because it was retired. */
  onLost(worker: PoolWorker): void;
}

/** The profile that a new worker gets a copy of. */
export interface CopySource {
  readonly opened: OpenedFile;
  readonly options: Options;
}

export class WorkerSet {
  readonly #script: string;
  readonly #events: WorkerEvents;
  readonly #workers = new Set<PoolWorker>();

  constructor(script: string, events: WorkerEvents) {
    this.#script = script;
    this.#events = events;
  }

  has(worker: PoolWorker): boolean {
    return this.#workers.has(worker);
  }

  inLane(lane: Lane): PoolWorker[] {
    return [...this.#workers].filter((worker) => worker.lane === lane);
  }

  /** Starts a worker. `reads` is set if it reads the sources. */
  start(onStarting: OnStarting, reads?: { readonly stdin: boolean }): PoolWorker {
    const process = new ReportProcess(
      { script: this.#script, ...(reads && { reads }) },
      {
        onMessage: (message) => {
          if (worker.isReady) this.#events.onMessage(worker, message);
          else onStarting(message);
        },
        onExit: () => {
          if (!this.#workers.delete(worker)) return;
          if (worker.isReady) this.#events.onLost(worker);
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
  startCopy(lane: Lane, { opened, options }: CopySource, onStarting: OnStarting): PoolWorker {
    const worker = this.start(onStarting);
    worker.lane = lane;
    if (lane === "slow") worker.process.yieldToOthers();
    const send = async () => {
      const { pieces, ...rest } = opened;
      for (const bytes of pieces) await worker.process.send({ type: "bytes", bytes });
      await worker.process.send({ type: "restore", opened: rest, options });
    };
    void send();
    return worker;
  }

  /** Ends a worker, even a busy one; resolves when it has ended. */
  async retire(worker: PoolWorker): Promise<void> {
    clearTimeout(worker.idleTimer);
    worker.job = undefined;
    this.#workers.delete(worker);
    await worker.process.end();
  }

  async retireAll(): Promise<void> {
    await Promise.all(Array.from(this.#workers, (worker) => this.retire(worker)));
  }
}
