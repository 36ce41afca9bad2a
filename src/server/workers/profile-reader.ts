import { UserError } from "../../errors/user-error.js";
import type { SourceRequest } from "../../session/request.js";
import type { OnStarting, OpenedFile, PoolWorker } from "./job.js";
import type { OpenedProfile, SentError } from "./messages.js";
import type { WorkerSet } from "./worker-set.js";

const READER_ENDED =
  "the process that reads the profile ended, probably because memory ran out; -max_size limits what a profile may need";

/** The time after which a source has no obvious fault, such as a wrong name. */
const OBVIOUS_FAULT_MS = 300;

/** Reads the profile in a worker, which makes reports afterwards. */
export class ProfileReader {
  readonly worker: PoolWorker;
  readonly #workers: WorkerSet;
  #onMessage: OnStarting = () => {};

  /** Starts the process early, since that takes a moment. */
  constructor(workers: WorkerSet, usesStdin: boolean) {
    this.#workers = workers;
    this.worker = workers.start((message) => this.#onMessage(message), { stdin: usesStdin });
  }

  /**
   * Reads the sources. Calls `onReading` when they have no obvious fault and reading takes longer.
   * Rejects with a {@link UserError} if there is no profile to read.
   */
  async read(request: SourceRequest, title: string, onReading: () => void): Promise<OpenedFile> {
    const pieces: Uint8Array[] = [];
    const opened = await new Promise<OpenedProfile>((resolve, reject) => {
      this.#onMessage = (message) => {
        if (message?.type === "bytes") pieces.push(message.bytes);
        else if (message?.type === "started") setTimeout(onReading, OBVIOUS_FAULT_MS).unref();
        else if (message?.type === "reading") onReading();
        else if (message?.type === "opened") resolve(message.opened);
        else if (message?.type === "failed") reject(receivedError(message.error));
        else reject(new UserError(READER_ENDED));
      };
      if (!this.#workers.has(this.worker)) reject(new UserError(READER_ENDED));
      void this.worker.process.send({ type: "open", request, title });
    });
    this.worker.isReady = true;
    return { ...opened, pieces };
  }
}

/** Returns the error that a worker sent. */
export function receivedError({ code, name, message, stack }: SentError): Error {
  const error = code === undefined ? new Error(message) : new UserError(message, { code });
  return Object.assign(error, { name, stack });
}
