import { Interrupted } from "./errors.js";

/**
 * Does work that must clean up behind it when Ctrl-C is pressed: `signal` is aborted then,
 * and this rejects with {@link Interrupted} at once. A second Ctrl-C ends the program as
 * ever.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const interrupt = () => controller.abort(new Interrupted());
  process.once("SIGINT", interrupt);
  try {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    return await Promise.race([work(signal), aborted]);
  } finally {
    process.off("SIGINT", interrupt);
  }
}
