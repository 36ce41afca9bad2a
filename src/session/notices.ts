import { fstatSync, writeSync } from "node:fs";
import { withoutControls } from "../render/controls.js";

const STDERR = 2;

/** Writes a line to standard error. */
export function complain(line: string): void {
  writeLine(`tsprof: ${line}`);
}

/** Writes a line that pprof writes too, word for word: scripts look for them. */
export function notice(line: string): void {
  writeLine(line);
}

function writeLine(line: string): void {
  try {
    writeSync(STDERR, `${withoutControls(line)}\n`);
  } catch {
    // Standard error is closed: there is nobody left to tell.
  }
}

/** Whether standard error is a terminal that a line can be erased on. */
export function drawsProgress(): boolean {
  try {
    // Not by process.stderr first, which takes a while to set up.
    return (
      fstatSync(STDERR).isCharacterDevice() && process.stderr.isTTY && process.env.TERM !== "dumb"
    );
  } catch {
    return false;
  }
}
