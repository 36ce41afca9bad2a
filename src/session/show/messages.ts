import { fstatSync, writeSync } from "node:fs";
import { escapeLogLine } from "../../render/controls.js";

export type Warn = (line: string) => void;

const STDERR = 2;

/** Writes a line to standard error. No text in it can add a line, or be a command in a build. */
export function printMessage(line: string): void {
  writeLine(`tsprof: ${line}`);
}

/** Writes a line exactly as pprof writes it: scripts look for such lines. */
export function printNotice(line: string): void {
  writeLine(line);
}

/** Writes text of several lines, such as help. */
export function printNotices(text: string): void {
  text.replace(/\n$/, "").split("\n").forEach(writeLine);
}

function writeLine(line: string): void {
  try {
    writeSync(STDERR, `${escapeLogLine(line)}\n`);
  } catch {
    // Standard error is closed, so nobody can read the line.
  }
}

/** Whether standard error is a terminal on which a line can be erased. */
export function drawsProgress(): boolean {
  try {
    // fstat comes first, because process.stderr takes a while to set up.
    return (
      fstatSync(STDERR).isCharacterDevice() && process.stderr.isTTY && process.env.TERM !== "dumb"
    );
  } catch {
    return false;
  }
}
