import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { usageError } from "../errors/user-error.js";
import { STDIN } from "../platform/files/input.js";
import type { SourceRequest } from "../session/request.js";
import { Session } from "../session/session.js";
import { printMessage } from "../session/show/messages.js";
import { isTerminal } from "../session/show/output.js";

/** Runs the shell. Returns the exit code, which is not 0 if a command from a pipe failed. */
export async function runShell(request: SourceRequest): Promise<number> {
  const readsStdin = [...request.sources, request.options.base, request.options.diff_base].includes(
    STDIN,
  );
  const input = readsStdin ? openTerminal() : process.stdin;
  const session = await Session.open({ ...request, equalsPprof: !isTerminal() }, printMessage);
  const { startShell } = await import("../shell/index.js");
  const wentWell = await startShell(session, request.options, input);
  // An open stream would keep the program running.
  if (readsStdin) input.destroy();
  return wentWell ? 0 : 1;
}

/** Opens the terminal for commands, because standard input contains the profile. */
function openTerminal(): ReadStream {
  try {
    return new ReadStream(openSync("/dev/tty", "r"));
  } catch {
    throw usageError(
      "standard input contains the profile, so the shell cannot read commands from it; name a report, such as: tsprof top -",
    );
  }
}
