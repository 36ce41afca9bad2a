import { FoldedLines } from "./folded-lines.js";

/** How much of an input is looked at, if there is a whole line in it. */
const HEAD_BYTES = 1 << 16;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const SEMICOLON = 0x3b;

/**
 * How many counts the lines of an input have, if it is one of folded stacks: undefined
 * where it is not.
 *
 * The format has no header, so what is asked for is that the first lines look like it: the
 * first one, and half of all, end with a count, and a quarter has `;` between frames. (In
 * prose, and in logs, a blank follows it.) Stacks of one frame each are known where all
 * lines are just a name and a count. There are two counts where all of them have two.
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
    // The first line is none: most inputs end here.
    if (seen.counts === 0) return undefined;
  }
  const isStacks = seen.calls * 4 >= seen.lines && seen.counts * 2 >= seen.lines;
  if (seen.lines === 0 || !(isStacks || seen.names + seen.calls === seen.lines)) return undefined;
  return seen.twoCounts === seen.counts ? 2 : 1;
}

/** Where the last line ends of which all is in the head; where there is none, the first one. */
function headLength(bytes: Uint8Array): number {
  if (bytes.length <= HEAD_BYTES) return bytes.length;
  const last = bytes.lastIndexOf(NEWLINE, HEAD_BYTES);
  if (last >= 0) return last;
  const first = bytes.indexOf(NEWLINE, HEAD_BYTES);
  return first >= 0 ? first : bytes.length;
}

/** Whether a `;` has a name on either side, with no blank between. */
function isCall({ bytes, start, end }: FoldedLines): boolean {
  for (let at = start + 1; at < end - 1; at++) {
    if (bytes[at] === SEMICOLON && bytes[at - 1] > SPACE && bytes[at + 1] > SPACE) return true;
  }
  return false;
}

const DIGITS_AND_SIGNS = /[-+.0-9]/;
const KEY_ENDS = /[:=,]/;

/** Whether there is one word, which is neither a number nor the key of a setting. */
function isName({ bytes, start, end }: FoldedLines): boolean {
  for (let at = start; at < end; at++) if (bytes[at] <= SPACE) return false;
  const first = String.fromCharCode(bytes[start]);
  const last = String.fromCharCode(bytes[end - 1]);
  return start < end && !DIGITS_AND_SIGNS.test(first) && !KEY_ENDS.test(last);
}
