import { createInterface } from "node:readline";
import type { Options } from "../options/table.js";
import { describeError } from "../session/errors.js";
import type { Session } from "../session/session.js";
import { printNotice, printNotices } from "../session/show/messages.js";
import { writeStdout } from "../session/show/output.js";
import { stdoutScreen } from "../session/show/screen.js";
import { plainOptions } from "./list-options.js";
import { inShellWords } from "./messages.js";
import { Shell, type ShellUi } from "./shell.js";

/**
 * Runs commands from a pipe or a file, one per line. As in pprof, only reports go to standard
 * output, and errors do not end the shell. Returns whether all commands succeeded.
 */
export async function runPiped(
  session: Session,
  options: Options,
  input: NodeJS.ReadStream,
): Promise<boolean> {
  const screen = stdoutScreen();
  const ui: ShellUi = {
    notify: printNotice,
    width: 80,
    explain: async (text) => printNotices(text),
    listOptions: plainOptions,
    screen: screen ? { to: "terminal", width: screen.width, write: writeStdout } : { to: "stdout" },
    compute: (work) => work(),
  };
  const shell = new Shell(session, options, ui);
  printNotices(shell.greeting());
  const prompt = () => {
    if (input.isTTY) process.stderr.write("tsprof> ");
  };
  let haveAllSucceeded = true;
  prompt();
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    try {
      if ((await shell.run(line)) === "quit") break;
    } catch (error) {
      haveAllSucceeded = false;
      printNotice(inShellWords(describeError(error)));
    }
    prompt();
  }
  return haveAllSucceeded;
}
