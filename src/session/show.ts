import { existsSync } from "node:fs";
import type { ViewerName } from "../options/commands.js";
import { withoutControls } from "../render/controls.js";
import type { Terminal } from "../terminal/terminal.js";
import type { Compute, MadeReport } from "./made-report.js";
import { type Pieces, writeFileOutput, writeStdout } from "./output.js";
import type { Client } from "./session.js";

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
  | { readonly to: "viewer"; readonly viewer: ViewerName };

/** Writes a report that was made, and tells where it was opened. */
export async function showReport(
  report: MadeReport,
  destination: Destination,
  { warn, compute }: Client,
): Promise<void> {
  switch (destination.to) {
    case "stdout":
      return writeStdout(plainPieces(report, compute));
    case "stream":
      return destination.write(plainPieces(report, compute));
    case "file":
      return writeFileOutput(destination.path, plainPieces(report, compute));
    case "viewer": {
      const { showInViewer, VIEWERS } = await import("./viewers.js");
      const { platform, env } = process;
      const viewer = VIEWERS[destination.viewer];
      return showInViewer(viewer, plainPieces(report, compute), { platform, env }, warn);
    }
    case "terminal": {
      const { width, height, rest, write } = destination;
      if (!report.draw) return write(plainPieces(report, compute));
      const drawn = await report.draw({ width, height, rest, env: process.env });
      return write(typeof drawn === "string" ? [drawn] : computedPieces(drawn, compute));
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

/** The first name of `profile001.pb.gz` and so on (of this stem and ending) that is free. */
export function nextFreeFile(ending: string, stem = "profile"): string {
  for (let number = 1; ; number++) {
    const name = `${stem}${String(number).padStart(3, "0")}${ending}`;
    if (!existsSync(name)) return name;
  }
}
