import { setImmediate } from "node:timers/promises";

/** Lets others have their turn: requests, and Ctrl-C. */
export async function turn(): Promise<void> {
  await setImmediate();
}
