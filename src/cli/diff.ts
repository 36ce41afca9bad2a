import { type DiffRequest, makeDiff } from "../session/diff.js";
import type { Client } from "../session/session.js";
import type { Warn } from "../session/show/messages.js";
import { writeStdout } from "../session/show/output.js";
import { stdoutScreen } from "../session/show/screen.js";
import { type Destination, showReport } from "../session/show/show.js";
import { EXIT } from "./exit-code.js";

/** Compares profiles, writes the report, and lists the broken rules. Returns the exit code. */
export async function runDiff(request: DiffRequest, warn: Warn): Promise<number> {
  const { made, broken, missing } = await makeDiff(request, warn);
  const client: Client = { warn, compute: (work) => work() };
  const destination = destinationOf(request);
  const file = await showReport(made, destination, client);
  if (file !== undefined) warn(`wrote the report to ${file}`);
  broken.forEach(warn);
  for (const line of missing) warn(`${line}; -allow_missing makes this a warning`);
  if (broken.length > 0) return EXIT.ruleBroken;
  return missing.length > 0 ? EXIT.ruleUnmatched : EXIT.ok;
}

function destinationOf({ options }: DiffRequest): Destination {
  if (options.output !== "") return { to: "file", path: options.output };
  const screen = stdoutScreen();
  return screen ? { to: "terminal", ...screen, write: writeStdout } : { to: "stdout" };
}
