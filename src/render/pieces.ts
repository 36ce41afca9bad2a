/** About how many letters a piece has: large enough that pieces do not cost, small beside a report. */
const PIECE_CHARACTERS = 1 << 16;

/**
 * Joins lines to pieces that end at the end of a line. A report of every sample may be
 * longer than the engine lets a string be.
 */
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
