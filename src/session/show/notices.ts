import { fstatSync, writeSync } from "node:fs";
import { asLogLine } from "../../render/controls.js";

/** Reports one line to the user. */
export type Warn = (line: string) => void;

const STDERR = 2;

/**
 * Writes a line to standard error. Text from a profile or a server in it stays in that line, and
 * is no command for a program that runs builds.
 */
export function complain(line: string): void {
  writeLine(`tsprof: ${line}`);
}

/** Writes a line that pprof writes too, word for word: scripts look for them. */
export function notice(line: string): void {
  writeLine(line);
}

/** Writes text of several lines, such as help. Text from a profile in it must be in one line. */
export function noticeLines(text: string): void {
  text.replace(/\n$/, "").split("\n").forEach(writeLine);
}

function writeLine(line: string): void {
  try {
    writeSync(STDERR, `${asLogLine(line)}\n`);
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
