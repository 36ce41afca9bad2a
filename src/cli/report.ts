import { viewerOf } from "../options/commands.js";
import type { ReportRequest, SourceRequest } from "../session/request.js";
import { type Client, Session } from "../session/session.js";
import type { Warn } from "../session/show/notices.js";
import { isTerminal, writeStdout } from "../session/show/output.js";
import { stdoutScreen } from "../session/show/screen.js";
import { type Destination, showReport } from "../session/show/show.js";

/** Makes the one report that a command line asks for, and writes it. */
export async function runReport(request: SourceRequest & ReportRequest, warn: Warn): Promise<void> {
  const session = await Session.open(request, warn);
  const client: Client = { warn, compute: (work) => work() };
  const report = await session.report(request, client);
  const destination = destinationOf(request);
  const file = await showReport(report, destination, client);
  if (file !== undefined) warn(`wrote the report to ${file}`);
}

/**
 * A file where one is named, or where a terminal would get what no person can read;
 * a viewer where the command is one, or shows itself so on a terminal.
 */
function destinationOf({ command, options }: ReportRequest): Destination {
  if (options.output !== "") return { to: "file", path: options.output };
  const viewer = viewerOf(command);
  if (viewer) return { to: "viewer", viewer };
  if (isTerminal()) {
    const { shownBy, fileEnding } = command;
    if (shownBy) return { to: "viewer", viewer: shownBy };
    if (fileEnding) {
      const isConverted = command.name === "convert";
      const ending = isConverted ? (CONVERTED_ENDINGS[options.to] ?? fileEnding) : fileEnding;
      return { to: "newFile", ending };
    }
  }
  const screen = stdoutScreen();
  if (!screen) return { to: "stdout" };
  const { width, height } = screen;
  const isCounted = command.isWhole || options.nodecount !== -1 || !options.trim;
  return {
    to: "terminal",
    width,
    // How many rows were asked for counts more than what fits.
    ...(isCounted ? {} : { height, rest: REST }),
    write: writeStdout,
  };
}

/** How to see the rows that do not fit on the screen. */
const REST = "-nodecount=0 shows all";

/** By format of `-to`: what names of its files end with, where that is not what pprof's do. */
const CONVERTED_ENDINGS: Readonly<Record<string, string>> = {
  folded: ".folded",
  speedscope: ".speedscope.json",
  cpuprofile: ".cpuprofile",
  callgrind: ".out",
};
