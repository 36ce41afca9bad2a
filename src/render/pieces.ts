import { decodeUtf8 } from "../profile/utf8.js";
import { withoutControls } from "./controls.js";

/** About how many letters a piece has: large enough that pieces do not cost, small beside a report. */
const PIECE = 1 << 16;

/**
 * Joins lines to pieces that end at the end of a line. A report of every sample may be
 * longer than the engine lets a string be.
 */
export function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length >= PIECE) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}

/** Joins the pieces of a report, without control characters; those in bytes were removed before. */
export function printableText(pieces: string | Iterable<string | Uint8Array>): string {
  if (typeof pieces === "string") return withoutControls(pieces);
  const texts = Array.from(pieces, (piece) =>
    typeof piece === "string" ? withoutControls(piece) : decodeUtf8(piece, 0, piece.length),
  );
  return texts.join("");
}
