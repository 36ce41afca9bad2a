/** The pause after a printed line, in milliseconds. */
const SILENCE_MS = 60_000;

/**
 * Returns a function that reports errors to `onError`; without it, as lines on standard error, at
 * most one per minute. The function never throws.
 */
export function problemLog(
  source: string,
  onError: ((error: unknown) => void) | undefined,
): (error: unknown) => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  let hidden = 0;
  const print = (error: unknown) => {
    const now = performance.now();
    if (now < lastAt + SILENCE_MS) {
      hidden++;
      return;
    }
    const more = hidden > 0 ? ` (and ${hidden} more)` : "";
    lastAt = now;
    hidden = 0;
    console.error(`${source}: ${lineOf(error)}${more}`);
  };
  return (error) => {
    try {
      (onError ?? print)(error);
    } catch {
      // Neither a failing handler nor a closed standard error must affect the program.
    }
  };
}

/** Returns the message of an error in one line. */
export function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, " ").trim();
}
