/** Large enough that the number of pieces does not matter, and small compared to a large report. */
const PIECE_CHARACTERS = 1 << 16;

/** Joins lines into pieces. A report may be longer than the maximum length of a string. */
export function* inPieces(lines: Iterable<string>): Generator<string> {
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
