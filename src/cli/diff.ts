import { type DiffRequest, makeDiff } from "../session/diff.js";
import { writeStdout } from "../session/output.js";
import { stdoutScreen } from "../session/screen.js";
import type { Client, Warn } from "../session/session.js";
import { type Destination, showReport } from "../session/show.js";

/** The exit code where a rule of -fail_on is broken. */
const BROKEN = 3;

/** Compares profiles, writes the report, and tells what broke a rule. Returns the exit code. */
export async function runDiff(request: DiffRequest, warn: Warn): Promise<number> {
  const { made, broken } = await makeDiff(request, warn);
  const client: Client = { warn, compute: (work) => work() };
  const destination = destinationOf(request);
  const file = await showReport(made, destination, client);
  if (file !== undefined) warn(`wrote the report to ${file}`);
  broken.forEach(warn);
  return broken.length > 0 ? BROKEN : 0;
}

function destinationOf({ options }: DiffRequest): Destination {
  if (options.output !== "") return { to: "file", path: options.output };
  const screen = stdoutScreen();
  return screen ? { to: "terminal", ...screen, write: writeStdout } : { to: "stdout" };
}
