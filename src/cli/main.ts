import { describeError, isInterrupt } from "../session/errors.js";
import { printMessage, printNotice } from "../session/show/messages.js";
import { writeStdout } from "../session/show/output.js";
import { normalizeArgv } from "./argv.js";
import { EXIT, exitCodeOf } from "./exit-code.js";
import { runReport } from "./report.js";
import { type Request, toRequest } from "./request.js";
import { runShell } from "./shell.js";

/** Set at build time. */
declare const TSPROF_VERSION: string;

/**
 * Runs a command line, without the names of node and the script. Returns the exit code. Reports any
 * error in one line on standard error; if TSPROF_DEBUG is set, the stack follows.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // A process may call main several times, but must have only one handler.
  process.off("uncaughtException", endWith).on("uncaughtException", endWith);
  try {
    if (argv.length === 0) {
      const { SHORT_HELP } = await import("./overview.js");
      SHORT_HELP.forEach(printNotice);
      return EXIT.misused;
    }
    const args = normalizeArgv(argv);
    const request = toRequest(args);
    if (request) {
      request.warnings.forEach(printMessage);
      return await run(request);
    }
    const { command, unknown, operands } = args;
    if (command?.name === "completion" && unknown.length === 0) {
      const { completionScript } = await import("./completion/index.js");
      await writeStdout(completionScript(operands));
    } else {
      const { explain } = await import("./explain.js");
      await writeStdout([explain(args, TSPROF_VERSION)]);
    }
    return 0;
  } catch (error) {
    report(error);
    return exitCodeOf(error);
  }
}

/** Ends the program after an error that no caller can catch, such as an error in a callback. */
function endWith(error: unknown): never {
  report(error);
  process.exit(exitCodeOf(error));
}

/** Reports an error on standard error, with its stack if TSPROF_DEBUG is set. */
function report(error: unknown): void {
  // After Ctrl-C, the user expects no message.
  if (!isInterrupt(error)) printMessage(describeError(error));
  if (process.env.TSPROF_DEBUG) {
    for (const line of stackOf(error)) printMessage(line);
  }
}

async function run(request: Request): Promise<number> {
  switch (request.kind) {
    case "report":
      await runReport(request, printMessage);
      return 0;
    case "shell":
      return await runShell(request);
    case "serve": {
      const { runServer } = await import("./serve.js");
      await runServer(request, TSPROF_VERSION);
      return 0;
    }
    case "diff": {
      const { runDiff } = await import("./diff.js");
      return await runDiff(request, printMessage);
    }
    case "task": {
      const { runTask } = await import("./task.js");
      return await runTask(request.task, request);
    }
  }
}

function stackOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const cause = error.cause === undefined ? [] : stackOf(error.cause);
  return [...(error.stack ?? "").split("\n"), ...cause];
}
