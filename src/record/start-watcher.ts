import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { WATCHER_NAME } from "./plan.js";

/** What a watcher must know about the heap of the main thread. */
export interface MainHeap {
  /** The limit in bytes, for the old and the young generation. */
  readonly heapLimit: number;
  /** The value of --max-semi-space-size in megabytes; undefined for V8's default. */
  readonly semiSpace: number | undefined;
}

/** The property of the watcher's data, which distinguishes it from other workers. */
export const WATCHER_KEY = "tsprof.watch";

/**
 * Starts the watcher of this process: the running script, in a worker thread that does not keep the
 * process alive. `execArgv` are its options of Node. Returns undefined if workers are forbidden.
 */
export function startWatcher(data: object, execArgv: readonly string[] = []): Worker | undefined {
  const options = `${process.env.NODE_OPTIONS ?? ""} ${process.execArgv.join(" ")}`;
  const heap: MainHeap = {
    heapLimit: getHeapStatistics().heap_size_limit,
    semiSpace: Number(/--max[-_]semi[-_]space[-_]size[= ]([0-9]+)/.exec(options)?.[1]) || undefined,
  };
  try {
    const watcher = new Worker(__filename, {
      name: WATCHER_NAME,
      workerData: { [WATCHER_KEY]: { ...data, ...heap } },
      // Without the program's own options, which may preload its modules.
      env: {},
      execArgv: [...execArgv],
      trackUnmanagedFds: false,
    });
    watcher.on("error", () => {}).unref();
    return watcher;
  } catch {
    // The permission model needs --allow-worker.
    return undefined;
  }
}
