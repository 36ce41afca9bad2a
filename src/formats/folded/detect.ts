import { decodeUtf8 } from "../../profile/utf8.js";
import { FoldedLines } from "./lines.js";

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
 * blank follows it.) If the first line has no count, three quarters must have `;` between frames. If
 * all stacks have one frame, all lines must be a name and a count. A name is one word, or ends with
 * a file; if it has blanks, at least half of the lines must have a position in a file. There are two
 * counts if every line has two.
 */
export function countColumns(bytes: Uint8Array): 1 | 2 | undefined {
  const length = headLength(bytes);
  if (bytes.subarray(0, length).includes(0)) return undefined;
  const lines = new FoldedLines(bytes, length);
  const seen = { lines: 0, counts: 0, twoCounts: 0, calls: 0, words: 0, files: 0, positions: 0 };
  let beginsWithCount = false;
  while (lines.next()) {
    seen.lines++;
    if (lines.countKind() === "none") {
      if (seen.lines > MAX_BAD_LINES && seen.counts === 0) return undefined;
      continue;
    }
    if (seen.lines === 1) beginsWithCount = true;
    seen.counts++;
    lines.dropLastWord();
    if (isCall(lines)) seen.calls++;
    else if (isWord(lines)) seen.words++;
    else {
      const kind = fileKind(lines);
      if (kind !== "none") seen.files++;
      if (kind === "position") seen.positions++;
    }
    if (lines.countKind() !== "none") seen.twoCounts++;
  }
  const { lines: all, counts, calls, words, files, positions } = seen;
  const hasCalls = beginsWithCount ? calls * 4 >= all && counts * 2 >= all : calls * 4 >= all * 3;
  const hasNames = words + calls + files === all && (files === 0 || positions * 2 >= all);
  if (all === 0 || !(hasCalls || hasNames)) return undefined;
  return seen.twoCounts === counts ? 2 : 1;
}

/** The maximum number of lines without a count before the first count. */
const MAX_BAD_LINES = 20;

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
function isWord({ bytes, start, end }: FoldedLines): boolean {
  for (let at = start; at < end; at++) if (bytes[at] <= SPACE) return false;
  const first = String.fromCharCode(bytes[start]);
  const last = String.fromCharCode(bytes[end - 1]);
  return start < end && !DIGITS_AND_SIGNS.test(first) && !KEY_ENDS.test(last);
}

/** A file, maybe with a line and a column, as at the end of `f src/a.js:1:10` and `f (a.py:3)`. */
const FILE = /^\(?(?:node:\S+?|\S*?\.[A-Za-z]\w{0,5})((?::\d+){1,2})?\)?$/;

/** The maximum length of a file name to examine, in bytes. */
const MAX_FILE_BYTES = 1024;

/** Tests whether the last of several words is a file, and whether a position follows it. */
function fileKind({ bytes, start, end }: FoldedLines): "position" | "file" | "none" {
  let at = end;
  while (at > start && bytes[at - 1] > SPACE) at--;
  if (at === start || end - at > MAX_FILE_BYTES) return "none";
  const match = FILE.exec(decodeUtf8(bytes, at, end));
  if (!match) return "none";
  return match[1] === undefined ? "file" : "position";
}
