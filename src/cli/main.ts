import { writeSync } from "node:fs";
import { normalizeArgv } from "./argv.js";
import { withoutControls } from "./controls.js";
import { describeError, UsageError } from "./errors.js";
import { writeStdout } from "./output.js";
import { parseRequest } from "./program.js";
import { run } from "./run.js";

/** Set at build time. */
declare const TSPROF_VERSION: string;

/** Exit codes: the report could not be made, or the command line makes no sense. */
const FAILED = 1;
const MISUSED = 2;

/**
 * Runs a command line, without the names of node and the script. Returns the exit
 * code. Everything that goes wrong becomes one line on standard error; with
 * TSPROF_DEBUG set it is followed by the stack.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const request = parseRequest(normalizeArgv(argv), TSPROF_VERSION);
    if ("text" in request) writeStdout(request.text);
    else await run(request, complain);
    return 0;
  } catch (error) {
    complain(describeError(error));
    if (process.env.TSPROF_DEBUG) complain((error as Error).stack ?? "");
    return error instanceof UsageError ? MISUSED : FAILED;
  }
}

/** Writes a line to standard error. */
function complain(line: string): void {
  try {
    writeSync(2, `tsprof: ${withoutControls(line)}\n`);
  } catch {
    // Standard error is closed: there is nobody left to tell.
  }
}
