import type { ViewerName } from "../../options/commands.js";
import { escapeCiCommands, escapeControls } from "../../render/controls.js";
import type { Terminal } from "../../terminal/terminal.js";
import type { Compute, MadeReport } from "../reports/made-report.js";
import type { Client } from "../session.js";
import { writeFileOutput, writeNumberedFile } from "./file-output.js";
import { type Pieces, writeStdout } from "./output.js";

type Size = Pick<Terminal, "width" | "height" | "moreRowsHint">;

export type Destination =
  /** To standard output, byte for byte as pprof prints it. */
  | { readonly to: "stdout" }
  /** The same text, through `write`. */
  | { readonly to: "stream"; write(pieces: Pieces): Promise<void> }
  /** To a terminal through `write`, drawn for reading if the report has such a form. */
  | (Size & { readonly to: "terminal"; write(pieces: Pieces): Promise<void> })
  | { readonly to: "file"; readonly path: string }
  /** To `profile001.svg`, or the next free name. */
  | { readonly to: "newFile"; readonly ending: string }
  | { readonly to: "viewer"; readonly viewer: ViewerName };

/** Writes a report. Returns the path, if the destination is a file. */
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
      const { width, height, moreRowsHint: rest, write } = destination;
      if (report.draw) {
        const drawn = await report.draw({ width, height, moreRowsHint: rest, env: process.env });
        await write(typeof drawn === "string" ? [drawn] : computedPieces(drawn, compute));
      } else {
        await write(plainPieces(report, compute));
      }
      return undefined;
    }
  }
}

/** Returns the text of a report in pieces, without control characters. */
async function* plainPieces(
  report: MadeReport,
  compute: Compute,
): AsyncGenerator<string | Uint8Array> {
  const made = compute(() => report.text());
  const pieces = typeof made === "string" ? [made] : made;
  for await (const piece of isIterable(pieces) ? computedPieces(pieces, compute) : pieces) {
    yield typeof piece === "string" ? escapeControls(piece) : piece;
  }
}

/** Variables of build systems that run commands from standard output. */
const BUILD_VARIABLES = ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"];

/** Returns a report for standard output. In a build, no name in it can act as a command. */
async function* printedPieces(
  report: MadeReport,
  compute: Compute,
): AsyncGenerator<string | Uint8Array> {
  const isInBuild = BUILD_VARIABLES.some((name) => process.env[name]);
  for await (const piece of plainPieces(report, compute)) {
    const isLogged = isInBuild && report.isForPeople && typeof piece === "string";
    yield isLogged ? escapeCiCommands(piece) : piece;
  }
}

function isIterable<T>(pieces: Iterable<T> | AsyncIterable<T>): pieces is Iterable<T> {
  return Symbol.iterator in pieces;
}

/** Returns the same pieces, each made by `compute`. */
function* computedPieces<T>(pieces: Iterable<T>, compute: Compute): Generator<T> {
  const iterator = pieces[Symbol.iterator]();
  for (;;) {
    const { done, value } = compute(() => iterator.next());
    if (done) return;
    yield value;
  }
}
