import { interruption } from "../errors/user-error.js";

/**
 * Runs `work`, which must clean up when the user presses Ctrl-C: its signal is then aborted, and
 * the promise rejects with an {@link interruption}. A second Ctrl-C ends the program.
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
