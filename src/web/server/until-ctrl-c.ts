import { setImmediate } from "node:timers/promises";
import { BrokenOff, breakable } from "../../node/breakable.js";

/**
 * Does work that may take long, and that Ctrl-C ends: with it the server ends as at any other
 * time. Throws {@link BrokenOff} then.
 */
export function untilCtrlC<T>(work: () => T): T {
  try {
    return breakable(work);
  } catch (error) {
    // The signal was taken for this work alone.
    if (error instanceof BrokenOff) process.emit("SIGINT");
    throw error;
  }
}

/**
 * Lets others have their turn: requests, and Ctrl-C, which waits where it is pressed while
 * something else computes. It would be lost if {@link untilCtrlC} came first, as that takes
 * the handlers of signals away and puts them back.
 */
export async function turn(): Promise<void> {
  await setImmediate();
  // From an event the first comes before the next look at what else has happened.
  await setImmediate();
}
