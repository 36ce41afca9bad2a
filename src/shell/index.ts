import { ReadStream } from "node:tty";
import type { Options } from "../options/table.js";
import type { Session } from "../session/session.js";

/**
 * Runs the shell until its input ends or the user leaves it. Returns whether all commands
 * succeeded; always true in a terminal, where the user sees the errors.
 */
export async function startShell(
  session: Session,
  options: Options,
  input: NodeJS.ReadStream,
): Promise<boolean> {
  const { stdout, env } = process;
  if (!(input instanceof ReadStream) || !stdout.isTTY || env.TERM === "dumb") {
    const { runPiped } = await import("./piped.js");
    return runPiped(session, options, input);
  }
  const { runTerminal } = await import("./terminal.js");
  await runTerminal(session, options, input, stdout);
  return true;
}
