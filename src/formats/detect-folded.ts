import { FoldedLines } from "./folded-lines.js";

/** The number of bytes to examine, if they contain a whole line. */
const HEAD_BYTES = 1 << 16;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const SEMICOLON = 0x3b;

/**
 * Returns the number of counts per line for folded stacks, or undefined for other inputs.
 *
 * The format has no header, so the first lines decide: the first one, and at least half of them,
 * must end with a count, and at least a quarter must have `;` between frames. (In prose and logs a
 * blank follows it.) If all stacks have one frame, all lines must be just a name and a count. There
 * are two counts if every line has two.
 */
export function countColumns(bytes: Uint8Array): 1 | 2 | undefined {
  const length = headLength(bytes);
  if (bytes.subarray(0, length).includes(0)) return undefined;
  const lines = new FoldedLines(bytes, length);
  const seen = { lines: 0, counts: 0, twoCounts: 0, calls: 0, names: 0 };
  while (lines.next()) {
    seen.lines++;
    if (lines.countKind() !== "none") {
      seen.counts++;
      lines.dropLastWord();
      if (isCall(lines)) seen.calls++;
      else if (isName(lines)) seen.names++;
      if (lines.countKind() !== "none") seen.twoCounts++;
    }
    // The first line does not match: most inputs end here.
    if (seen.counts === 0) return undefined;
  }
  const isStacks = seen.calls * 4 >= seen.lines && seen.counts * 2 >= seen.lines;
  if (seen.lines === 0 || !(isStacks || seen.names + seen.calls === seen.lines)) return undefined;
  return seen.twoCounts === seen.counts ? 2 : 1;
}

/** Returns the end of the last complete line in the head, or of the first line. */
function headLength(bytes: Uint8Array): number {
  if (bytes.length <= HEAD_BYTES) return bytes.length;
  const last = bytes.lastIndexOf(NEWLINE, HEAD_BYTES);
  if (last >= 0) return last;
  const first = bytes.indexOf(NEWLINE, HEAD_BYTES);
  return first >= 0 ? first : bytes.length;
}

/** Tests for a `;` between two names, without blanks. */
function isCall({ bytes, start, end }: FoldedLines): boolean {
  for (let at = start + 1; at < end - 1; at++) {
    if (bytes[at] === SEMICOLON && bytes[at - 1] > SPACE && bytes[at + 1] > SPACE) return true;
  }
  return false;
}

const DIGITS_AND_SIGNS = /[-+.0-9]/;
const KEY_ENDS = /[:=,]/;

/** Tests for a single word that is neither a number nor a key of a setting. */
function isName({ bytes, start, end }: FoldedLines): boolean {
  for (let at = start; at < end; at++) if (bytes[at] <= SPACE) return false;
  const first = String.fromCharCode(bytes[start]);
  const last = String.fromCharCode(bytes[end - 1]);
  return start < end && !DIGITS_AND_SIGNS.test(first) && !KEY_ENDS.test(last);
}
