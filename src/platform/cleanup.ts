import { rmSync } from "node:fs";

/** The signals that end a program without listeners, and can be caught. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Cleanup {
  readonly work: () => void;
  readonly evenIfHandled: boolean;
}

const pending = new Set<Cleanup>();

/**
 * Calls `work` if the program ends before the returned function is called: by a signal other than
 * SIGKILL, by an uncaught error, or by `process.exit`. If the signal has another listener, `work`
 * is called only with `evenIfHandled`.
 */
export function cleanUpOnExit(
  work: () => void,
  { evenIfHandled = false }: { readonly evenIfHandled?: boolean } = {},
): () => void {
  if (pending.size === 0) watch();
  const cleanup = { work, evenIfHandled };
  pending.add(cleanup);
  return () => {
    pending.delete(cleanup);
    if (pending.size === 0) unwatch();
  };
}

/** Removes a file or folder if the program ends before the returned function is called. */
export function removeOnExit(path: string): () => void {
  return cleanUpOnExit(() => rmSync(path, { force: true, recursive: true }));
}

function watch(): void {
  process.on("exit", cleanUp);
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off("exit", cleanUp);
  for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
}

function cleanUp(): void {
  for (const { work } of pending) attempt(work);
  pending.clear();
  unwatch();
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) {
    for (const { work, evenIfHandled } of pending) if (evenIfHandled) attempt(work);
    return;
  }
  cleanUp();
  // The signal has no listener any more, so it ends the program.
  process.kill(process.pid, signal);
}

/** A failure must not prevent the other clean-ups. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The program is ending, so nothing can be done about the error.
  }
}
