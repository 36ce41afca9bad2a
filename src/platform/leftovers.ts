import { rmSync } from "node:fs";

/** The signals that end a program which does not listen to them, and can be caught. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const unfinished = new Set<string>();

/**
 * Removes a file or folder if the program ends before the returned function is called: by a
 * signal, by an error that nobody catches, or by `process.exit`. Only SIGKILL leaves it behind.
 */
export function removeOnEnd(path: string): () => void {
  if (unfinished.size === 0) watch();
  unfinished.add(path);
  return () => {
    unfinished.delete(path);
    if (unfinished.size === 0) unwatch();
  };
}

function watch(): void {
  process.on("exit", removeAll);
  for (const signal of ENDING_SIGNALS) process.on(signal, endBySignal);
}

function unwatch(): void {
  process.off("exit", removeAll);
  for (const signal of ENDING_SIGNALS) process.off(signal, endBySignal);
}

function removeAll(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { force: true, recursive: true });
    } catch {
      // The program is ending, and the other files are still to be removed.
    }
  }
  unfinished.clear();
}

/** Other listeners decide what the signal does; without them it ends the program. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  unwatch();
  process.kill(process.pid, signal);
}
