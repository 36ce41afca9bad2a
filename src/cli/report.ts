import { viewerOf } from "../options/commands.js";
import { isPprofText } from "../session/reports/pprof-text.js";
import type { ReportRequest, SourceRequest } from "../session/request.js";
import { type Client, Session } from "../session/session.js";
import type { Warn } from "../session/show/messages.js";
import { isTerminal, writeStdout } from "../session/show/output.js";
import { stdoutScreen } from "../session/show/screen.js";
import { type Destination, showReport } from "../session/show/show.js";

/** Makes and writes the report of a command line. */
export async function runReport(request: SourceRequest & ReportRequest, warn: Warn): Promise<void> {
  const destination = destinationOf(request);
  const onTerminal = destination.to === "terminal";
  const equalsPprof = isPprofText(request.command.report, request.options, onTerminal);
  const session = await Session.open({ ...request, equalsPprof }, warn);
  const client: Client = { warn, compute: (work) => work() };
  const report = await session.report({ ...request, onTerminal }, client);
  const file = await showReport(report, destination, client);
  if (file !== undefined) warn(`wrote the report to ${file}`);
}

/**
 * Returns where a report goes: to the file of -output; to the viewer of the command (for some
 * reports, only on a terminal); to a new file, if a terminal cannot show it; or to standard output.
 */
function destinationOf({ command, options }: ReportRequest): Destination {
  if (options.output !== "") return { to: "file", path: options.output };
  const viewer = viewerOf(command);
  if (viewer) return { to: "viewer", viewer };
  if (isTerminal()) {
    const { terminalViewer, fileEnding } = command;
    if (terminalViewer) return { to: "viewer", viewer: terminalViewer };
    if (fileEnding) {
      const isConverted = command.name === "convert";
      const ending = isConverted ? (CONVERTED_ENDINGS[options.target] ?? fileEnding) : fileEnding;
      return { to: "newFile", ending };
    }
  }
  const screen = stdoutScreen();
  if (!screen) return { to: "stdout" };
  const { width, height } = screen;
  const isCounted = command.isUntrimmed || options.nodecount !== -1 || !options.trim;
  return {
    to: "terminal",
    width,
    // If the user gave a number of rows, it takes precedence over the screen's height.
    ...(isCounted ? {} : { height, moreRowsHint: MORE_ROWS_HINT }),
    write: writeStdout,
  };
}

/** The hint below a table whose rows do not all fit on the screen. */
const MORE_ROWS_HINT = "-nodecount=0 shows all";

/** The file endings of formats of `-to` other than pprof's. */
const CONVERTED_ENDINGS: Readonly<Record<string, string>> = {
  folded: ".folded",
  speedscope: ".speedscope.json",
  cpuprofile: ".cpuprofile",
  callgrind: ".out",
};
