import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { usageError } from "../errors/user-error.js";
import { STDIN } from "../platform/input.js";
import type { SourceRequest } from "../session/request.js";
import { Session } from "../session/session.js";
import { complain } from "../session/show/notices.js";

/**
 * Reads the sources, and runs the shell on them until it is left. Returns the exit code: of
 * commands that were piped in, whether all went well.
 */
export async function runShell(request: SourceRequest): Promise<number> {
  const readsStdin = [...request.sources, request.options.base, request.options.diff_base].includes(
    STDIN,
  );
  const input = readsStdin ? openTerminal() : process.stdin;
  const session = await Session.open(request, complain);
  const { startShell } = await import("../shell/index.js");
  const wentWell = await startShell(session, request.options, input);
  // What is open keeps the program waiting.
  if (readsStdin) input.destroy();
  return wentWell ? 0 : 1;
}

/** Standard input has the profile, so that commands come from the terminal itself. */
function openTerminal(): ReadStream {
  try {
    return new ReadStream(openSync("/dev/tty", "r"));
  } catch {
    throw usageError(
      "standard input has the profile, so that no commands come from there; name a report: tsprof top -",
    );
  }
}
