import { type DiffRequest, makeDiff } from "../session/diff.js";
import { writeStdout } from "../session/output.js";
import { stdoutScreen } from "../session/screen.js";
import type { Client, Warn } from "../session/session.js";
import { type Destination, showReport } from "../session/show.js";

/**
 * Exit codes: a rule of -fail_on is broken, or else a rule or a filter matches nothing, so that
 * the rules would hold without having tested anything.
 */
const BROKEN = 3;
const MISSING = 4;

/** Compares profiles, writes the report, and reports what broke a rule. Returns the exit code. */
export async function runDiff(request: DiffRequest, warn: Warn): Promise<number> {
  const { made, broken, missing } = await makeDiff(request, warn);
  const client: Client = { warn, compute: (work) => work() };
  const destination = destinationOf(request);
  const file = await showReport(made, destination, client);
  if (file !== undefined) warn(`wrote the report to ${file}`);
  broken.forEach(warn);
  for (const line of missing) warn(`${line}; -allow_missing makes this a warning`);
  if (broken.length > 0) return BROKEN;
  return missing.length > 0 ? MISSING : 0;
}

function destinationOf({ options }: DiffRequest): Destination {
  if (options.output !== "") return { to: "file", path: options.output };
  const screen = stdoutScreen();
  return screen ? { to: "terminal", ...screen, write: writeStdout } : { to: "stdout" };
}
