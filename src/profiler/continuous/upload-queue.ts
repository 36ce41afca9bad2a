import { type Upload, UploadError, upload } from "./upload.js";

/** Options of all targets that upload. */
export interface UploadOptions {
  /** Additional headers of the requests. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time limit for the server's answer, in milliseconds; 10,000 by default. */
  readonly timeoutMillis?: number;
  /**
   * The number of profiles that wait in memory while the server does not accept them; 10 by
   * default. If there are more, the oldest is dropped.
   */
  readonly maxQueued?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_QUEUED = 10;
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The pause after the first failure, which doubles with each further one up to a limit. */
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 60_000;

type Waiting = Omit<Upload, "timeoutMillis"> & {
  readonly report: (error: unknown) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/**
 * Uploads profiles one after the other. After a failure that may pass, tries the same profile again
 * after a pause. Keeps a limited number of profiles.
 */
export class UploadQueue {
  readonly headers: Readonly<Record<string, string>>;
  readonly #timeoutMillis: number;
  readonly #maxQueued: number;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;
  #dropped = 0;
  /** Ends the current pause. */
  #wake = () => {};

  /** Throws if an option is invalid. */
  constructor(options: UploadOptions) {
    const { headers = {}, timeoutMillis = DEFAULT_TIMEOUT_MS } = options;
    const { maxQueued = DEFAULT_MAX_QUEUED } = options;
    if (!(timeoutMillis > 0 && timeoutMillis <= MAX_TIMEOUT_MS)) {
      throw new RangeError(`timeoutMillis must be above 0 and at most ${MAX_TIMEOUT_MS}`);
    }
    if (!(Number.isInteger(maxQueued) && maxQueued > 0)) {
      throw new RangeError(`maxQueued must be an integer above 0, not ${maxQueued}`);
    }
    this.headers = headers;
    this.#timeoutMillis = timeoutMillis;
    this.#maxQueued = maxQueued;
  }

  /** Uploads a profile. Rejects if the server refuses it, or if it had to make room for others. */
  push(
    item: Pick<Upload, "url" | "headers" | "body" | "signal">,
    report: (error: unknown) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...item, report, resolve, reject });
      this.#limit();
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Ends the pause after a failure. */
  flush(): void {
    this.#wake();
  }

  /** Drops the oldest profiles if too many wait. */
  #limit(): void {
    while (this.#waiting.length > this.#maxQueued) {
      const { url, reject } = this.#waiting.shift() as Waiting;
      this.#dropped++;
      const address = `${url.origin}${url.pathname}`;
      reject(new Error(`dropped a profile (${this.#dropped} so far): cannot reach ${address}`));
    }
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let pause = FIRST_PAUSE_MS;
    for (let item = this.#waiting.shift(); item; item = this.#waiting.shift()) {
      const error = await this.#try(item);
      if (!error) {
        pause = FIRST_PAUSE_MS;
        item.resolve();
        continue;
      }
      if (!(error instanceof UploadError && error.mayPass) || item.signal.aborted) {
        item.reject(error);
        continue;
      }
      if (pause === FIRST_PAUSE_MS) item.report(error);
      this.#waiting.unshift(item);
      this.#limit();
      const wanted = Math.min(error.retryAfterMillis ?? 0, MAX_PAUSE_MS);
      // Programs that started together must not try again together.
      await this.#sleep(Math.max(wanted, pause * (0.5 + Math.random() / 2)));
      pause = Math.min(MAX_PAUSE_MS, pause * 2);
    }
    this.#isRunning = false;
  }

  async #try(item: Waiting): Promise<Error | undefined> {
    try {
      await upload({ ...item, timeoutMillis: this.#timeoutMillis });
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  #sleep(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Parses an address for uploads. Throws a TypeError if it is invalid. */
export function uploadUrl(text: string | URL): URL {
  const url = URL.canParse(String(text)) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new TypeError(
      `url must be an http or https address, not ${JSON.stringify(String(text))}`,
    );
  }
  return url;
}
