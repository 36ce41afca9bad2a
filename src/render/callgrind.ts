import type { CallgrindEntry, CallgrindReport } from "../report/callgrind.js";
import type { Int64 } from "../units/int64.js";
import { truncate } from "../units/int64.js";
import { scale } from "../units/scale.js";
import { joinIntoPieces } from "./pieces.js";

/**
 * Writes the call graph in the callgrind format (https://valgrind.org/docs/manual/cl-format.html)
 * as pprof does. With `likePprof`, the output is pprof's byte for byte, unless functions are
 * identified by their definitions: pprof would give the costs of functions that share a name and a
 * file to one of them. Without `likePprof`, the output is for readers of the format, who
 * misunderstand pprof's output: callgrind_annotate counts the cost of callees as the callers' own if
 * the number of calls, which is not known, is 0; a callee seems to be in the caller's binary; and
 * functions that share a name and a file have different names in calls.
 */
export function renderCallgrind(report: CallgrindReport, likePprof: boolean): Generator<string> {
  return joinIntoPieces(callgrindLines(report, likePprof));
}

function* callgrindLines(
  { sampleType, format, entries }: CallgrindReport,
  likePprof: boolean,
): Generator<string> {
  const times = likePprof ? 0 : 1;
  const nameOf = ({ name, uniqueName, isDefinition }: CallgrindEntry) =>
    likePprof && !isDefinition ? name : uniqueName;
  const { from, to } = format;
  const whole = (value: Int64) => truncate(scale(value, from, to).value);
  const binaries = new NameCompressor();
  const files = new NameCompressor();
  const names = new NameCompressor();
  yield "positions: instr line";
  yield `events: ${withoutLineBreaks(`${sampleType}(${to})`)}`;
  let before: CallgrindEntry | undefined;
  for (const entry of entries()) {
    const name = nameOf(entry);
    if (!before || nameOf(before) !== name || !isSameOrigin(before, entry)) {
      yield "";
      yield `ob=${binaries.write(entry.binary)}`;
      yield `fl=${files.write(entry.file)}`;
      yield `fn=${names.write(name)}`;
    }
    yield `${position(before, entry.address)} ${entry.line} ${whole(entry.flat)}`;
    for (const { binary, file, name: callee, address, line, weight } of entry.calls) {
      if (!likePprof && binary !== entry.binary) yield `cob=${binaries.write(binary)}`;
      yield `cfl=${files.write(file)}`;
      yield `cfn=${names.write(callee)}`;
      // The line of the call in the caller is not known.
      yield `calls=${times} ${position(before, address)} ${line}`;
      yield `* * ${whole(weight)}`;
    }
    before = entry;
  }
}

function isSameOrigin(a: CallgrindEntry, b: CallgrindEntry): boolean {
  return a.binary === b.binary && a.file === b.file;
}

/** Writes an address, or its distance from the previous entry if that is shorter. */
function position(before: CallgrindEntry | undefined, address: bigint): string {
  const absolute = `0x${address.toString(16)}`;
  if (!before) return absolute;
  if (before.address === address) return "*";
  const distance = BigInt.asIntN(64, address - before.address);
  const relative = distance < 0n ? String(distance) : `+${distance}`;
  return relative.length < absolute.length ? relative : absolute;
}

/** Each line is a record, so a line break in a name would begin a record with costs of its own. */
function withoutLineBreaks(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

/** Writes a name in full the first time, with a number, and as that number afterwards. */
class NameCompressor {
  readonly #numbers = new Map<string, number>();

  write(name: string): string {
    if (name === "") return "";
    const known = this.#numbers.get(name);
    if (known !== undefined) return `(${known})`;
    const number = this.#numbers.size + 1;
    this.#numbers.set(name, number);
    return `(${number}) ${withoutLineBreaks(name)}`;
  }
}
