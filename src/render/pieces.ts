import { decodeUtf8 } from "../profile/utf8.js";
import { escapeControls } from "./controls.js";

/** Large enough that the number of pieces does not matter, and small compared to a large report. */
const PIECE_CHARACTERS = 1 << 16;

/** Joins lines into pieces. A report may be longer than the maximum length of a string. */
export function* joinIntoPieces(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length >= PIECE_CHARACTERS) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}

/** Joins the pieces of a report, without control characters; those in bytes were removed before. */
export function printableText(pieces: string | Iterable<string | Uint8Array>): string {
  return [...printablePieces(pieces)].join("");
}

/** Makes the pieces of a report printable one by one. */
export function* printablePieces(
  pieces: string | Iterable<string | Uint8Array>,
): Generator<string> {
  if (typeof pieces === "string") yield escapeControls(pieces);
  else {
    for (const piece of pieces) {
      yield typeof piece === "string" ? escapeControls(piece) : decodeUtf8(piece, 0, piece.length);
    }
  }
}
