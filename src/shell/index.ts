import { ReadStream } from "node:tty";
import type { Options } from "../options/table.js";
import type { Session } from "../session/session.js";

/**
 * Runs the shell to its end: with a line editor where a person is at both ends, and
 * otherwise command by command. Returns whether all went well; what a person types is
 * seen by that person, and always went well.
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
