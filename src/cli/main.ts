import { describeError, exitCodeOf, isInterrupt } from "../session/errors.js";
import { complain } from "../session/notices.js";
import { writeStdout } from "../session/output.js";
import { type NormalArgs, normalizeArgv } from "./argv.js";
import { runReport } from "./report.js";
import { toRequest } from "./request.js";
import { runShell } from "./shell.js";

/** Set at build time. */
declare const TSPROF_VERSION: string;

/**
 * Runs a command line, given without the names of node and the script. Returns the
 * exit code. Everything that goes wrong becomes one line on standard error; with
 * TSPROF_DEBUG set the stack follows.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = normalizeArgv(argv);
    const request = toRequest(args);
    const isWhole = args.operands.length > 0 || args.values.has("pid");
    if (args.task !== undefined && args.unknown.length === 0 && isWhole) {
      const { runTask } = await import("./task.js");
      return await runTask(args.task, args);
    }
    if (request) {
      request.warnings.forEach(complain);
      const { command, serves, bases } = request;
      if (bases) {
        const { runDiff } = await import("./diff.js");
        return await runDiff({ ...request, bases }, complain);
      }
      if (serves) {
        const { runServer } = await import("./serve.js");
        await runServer(request, TSPROF_VERSION);
        return 0;
      }
      if (!command) return await runShell(request);
      await runReport({ ...request, command }, complain);
    } else if (asksForCompletion(args)) {
      const { completionScript } = await import("./completion/index.js");
      await writeStdout(completionScript(args.operands.slice(1)));
    } else {
      const { explain } = await import("./explain.js");
      await writeStdout([explain(args, TSPROF_VERSION)]);
    }
    return 0;
  } catch (error) {
    // Who pressed Ctrl-C knows.
    if (!isInterrupt(error)) complain(describeError(error));
    if (process.env.TSPROF_DEBUG) {
      for (const line of stackOf(error)) complain(line);
    }
    return exitCodeOf(error);
  }
}

function asksForCompletion({ command, unknown, operands }: NormalArgs): boolean {
  return command === undefined && unknown.length === 0 && operands[0] === "completion";
}

function stackOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const cause = error.cause === undefined ? [] : stackOf(error.cause);
  return [...(error.stack ?? "").split("\n"), ...cause];
}
