import type { ViewerName } from "../../options/commands.js";
import { withoutBuildCommands, withoutControls } from "../../render/controls.js";
import type { Terminal } from "../../terminal/terminal.js";
import type { Compute, MadeReport } from "../reports/made-report.js";
import type { Client } from "../session.js";
import { writeFileOutput, writeNumberedFile } from "./file-output.js";
import { type Pieces, writeStdout } from "./output.js";

type Size = Pick<Terminal, "width" | "height" | "rest">;

/** Where a report goes. */
export type Destination =
  /** To standard output, byte for byte as pprof prints it. */
  | { readonly to: "stdout" }
  /** The same, to where `write` puts it. */
  | { readonly to: "stream"; write(pieces: Pieces): Promise<void> }
  /** To a terminal, drawn for reading where there is such a form; `write` takes it. */
  | (Size & { readonly to: "terminal"; write(pieces: Pieces): Promise<void> })
  | { readonly to: "file"; readonly path: string }
  /** To `profile001.svg` or the next name that is free. */
  | { readonly to: "newFile"; readonly ending: string }
  | { readonly to: "viewer"; readonly viewer: ViewerName };

/**
 * Writes a report that was made, and tells where it was opened. Returns the path of the file that
 * it was written to, if it was.
 */
export async function showReport(
  report: MadeReport,
  destination: Destination,
  { warn, compute }: Client,
): Promise<string | undefined> {
  switch (destination.to) {
    case "stdout":
      await writeStdout(printedPieces(report, compute));
      return undefined;
    case "stream":
      await destination.write(plainPieces(report, compute));
      return undefined;
    case "file":
      await writeFileOutput(destination.path, plainPieces(report, compute));
      return destination.path;
    case "newFile": {
      const { ending } = destination;
      return writeNumberedFile({ stem: "profile", ending }, plainPieces(report, compute));
    }
    case "viewer": {
      const { showInViewer, VIEWERS } = await import("./viewers.js");
      const { platform, env } = process;
      const viewer = VIEWERS[destination.viewer];
      await showInViewer(viewer, plainPieces(report, compute), { platform, env }, warn);
      return undefined;
    }
    case "terminal": {
      const { width, height, rest, write } = destination;
      if (report.draw) {
        const drawn = await report.draw({ width, height, rest, env: process.env });
        await write(typeof drawn === "string" ? [drawn] : computedPieces(drawn, compute));
      } else {
        await write(plainPieces(report, compute));
      }
      return undefined;
    }
  }
}

/** A report as it is printed, without control characters, in pieces. */
async function* plainPieces(
  report: MadeReport,
  compute: Compute,
): AsyncGenerator<string | Uint8Array> {
  const made = compute(() => report.text());
  const pieces = typeof made === "string" ? [made] : made;
  for await (const piece of isIterable(pieces) ? computedPieces(pieces, compute) : pieces) {
    yield typeof piece === "string" ? withoutControls(piece) : piece;
  }
}

/** Set by programs that run builds, and read the standard output of what they run for commands. */
const BUILD_VARIABLES = ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"];

/** A report for standard output; in a build, names in it are no commands. */
async function* printedPieces(
  report: MadeReport,
  compute: Compute,
): AsyncGenerator<string | Uint8Array> {
  const isInBuild = BUILD_VARIABLES.some((name) => process.env[name]);
  for await (const piece of plainPieces(report, compute)) {
    const isLogged = isInBuild && report.isForPeople && typeof piece === "string";
    yield isLogged ? withoutBuildCommands(piece) : piece;
  }
}

function isIterable<T>(pieces: Iterable<T> | AsyncIterable<T>): pieces is Iterable<T> {
  return Symbol.iterator in pieces;
}

/** The same pieces, each made as `compute` does it. */
function* computedPieces<T>(pieces: Iterable<T>, compute: Compute): Generator<T> {
  const iterator = pieces[Symbol.iterator]();
  for (;;) {
    const { done, value } = compute(() => iterator.next());
    if (done) return;
    yield value;
  }
}
