import { isMainThread, threadId } from "node:worker_threads";
import { LocalSession } from "../v8/local-session.js";
import { followWorkers } from "../v8/worker-sessions.js";
import type { OtherThread } from "./remote-cpu.js";

/** The name of the main thread. */
export const MAIN = "main";

/** The beginning of the names of tsprof's own threads. */
const OWN_THREADS = "tsprof";

/** Connections to the other threads of this process. */
export class ThreadConnections {
  readonly #main: LocalSession;
  readonly #onThread: (thread: OtherThread) => void;
  readonly #closed: Promise<void>;
  #close = () => {};
  #detach = async () => {};

  /** Calls `onThread` for each thread that runs or starts, after {@link open}. */
  constructor(onThread: (thread: OtherThread) => void) {
    this.#onThread = onThread;
    this.#main = new LocalSession(!isMainThread);
    this.#closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  /** Connects. Returns the name of the current thread, and the names of all threads. */
  async open(): Promise<{ readonly own: string; readonly all: readonly string[] }> {
    let own = isMainThread ? MAIN : `worker ${threadId}`;
    const workers: string[] = [];
    const { send } = this.#main;
    if (!isMainThread) {
      const on: OtherThread["on"] = (...listener) => this.#main.on(...listener);
      this.#onThread({ name: MAIN, send, on, closed: this.#closed });
    }
    this.#detach = followWorkers(this.#main, this.#closed, (worker) => {
      if (worker.name.startsWith(OWN_THREADS)) return;
      workers.push(worker.name);
      if (worker.thread === threadId) own = worker.name;
      else this.#onThread(worker);
    });
    // V8 reports all workers before it answers.
    await send("NodeWorker.enable", { waitForDebuggerOnStart: false });
    return { own, all: [MAIN, ...workers.sort()] };
  }

  async close(): Promise<void> {
    await this.#detach();
    await this.#main.send("NodeWorker.disable").catch(() => {});
    this.#main.close();
    this.#close();
  }
}
