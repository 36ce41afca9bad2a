import { interruption } from "../errors/user-error.js";

/**
 * Does work that must clean up when the user presses Ctrl-C: `signal` is then aborted, and the
 * promise rejects with an {@link interruption}. A second Ctrl-C ends the program. `signals` are
 * the signals that count as Ctrl-C.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  signals: readonly NodeJS.Signals[] = ["SIGINT"],
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const interrupt = () => controller.abort(interruption());
  for (const name of signals) process.once(name, interrupt);
  try {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    return await Promise.race([work(signal), aborted]);
  } finally {
    for (const name of signals) process.off(name, interrupt);
  }
}
