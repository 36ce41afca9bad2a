import { writeSync } from "node:fs";
import { attempt } from "../whole-file.js";

/** Prints a message to standard error, from any thread, even while the main thread is blocked. */
export function printLine(text: string): void {
  attempt(() => writeSync(2, `tsprof: ${text}\n`));
}
