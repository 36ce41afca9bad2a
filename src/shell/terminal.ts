import type { ReadStream, WriteStream } from "node:tty";
import { interruption } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import { runInterruptibly } from "../platform/run-interruptibly.js";
import { historyFile, ShellHistory } from "../platform/settings/shell-history.js";
import { describeError, isInterrupt } from "../session/errors.js";
import type { Session } from "../session/session.js";
import { printNotice, printNotices } from "../session/show/messages.js";
import { terminalStyle } from "../terminal/style.js";
import { ShellError } from "./command-line.js";
import { complete } from "./completion.js";
import { completionModel } from "./completion-model.js";
import { hintsFor } from "./hints.js";
import { openLineEditor } from "./line-editor.js";
import { explainedOptions } from "./list-options.js";
import { inShellWords } from "./messages.js";
import { promptText } from "./prompt.js";
import { Screen } from "./screen.js";
import { type Outcome, Shell, type ShellUi } from "./shell.js";

/** Runs the shell in a terminal, with a line editor. */
export async function runTerminal(
  session: Session,
  options: Options,
  input: ReadStream,
  output: WriteStream,
): Promise<void> {
  const { env, platform } = process;
  const style = terminalStyle(env);
  const screen = new Screen(output, env);
  const ui: ShellUi = {
    notify: printNotice,
    get width() {
      return screen.width;
    },
    explain: (text) => screen.write([text]),
    listOptions: (...values) =>
      explainedOptions(...values, { width: screen.width, emphasize: (text) => style.bold(text) }),
    screen: {
      to: "terminal",
      get width() {
        return screen.width;
      },
      write: (pieces) => screen.write(pieces),
    },
    compute: runInterruptibly,
  };
  const shell = new Shell(session, options, ui);
  const file = historyFile(env, platform);
  const history = file === undefined ? undefined : new ShellHistory(file, printNotice);
  const model = completionModel(session.profile, shell, env);
  const editor = openLineEditor({
    input,
    output,
    history: history?.lines ?? [],
    complete: (line) => complete(line, model),
    remember: (line) => history?.add(line),
  });
  try {
    printNotices(shell.greeting());
    for (;;) {
      const line = await editor.read(promptText(shell, { width: screen.width, style }));
      if (line === undefined || (await runLine(line, shell, screen)) === "quit") break;
    }
  } finally {
    editor.close();
  }
}

async function runLine(line: string, shell: Shell, screen: Screen): Promise<Outcome> {
  hintsFor(line).forEach(printNotice);
  try {
    return await untilInterrupt(() => shell.run(line), screen);
  } catch (error) {
    const wasStopped = isInterrupt(error);
    printNotice(wasStopped ? "interrupted" : inShellWords(describeError(error)));
    if (error instanceof ShellError && error.hint !== "") printNotice(error.hint);
    return "continue";
  }
}

/** Runs `work`. Ctrl-C ends the wait for it but not the shell; a pager handles Ctrl-C itself. */
async function untilInterrupt<T>(work: () => Promise<T>, screen: Screen): Promise<T> {
  let interrupt = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => {
      if (!screen.isPaging) reject(interruption());
    };
  });
  process.on("SIGINT", interrupt);
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    process.off("SIGINT", interrupt);
  }
}
