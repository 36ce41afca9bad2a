import type { CallgrindEntry, CallgrindReport } from "../report/callgrind.js";
import type { Int64 } from "../units/int64.js";
import { truncate } from "../units/int64.js";
import { scale } from "../units/scale.js";
import { joinIntoPieces } from "./pieces.js";

/**
 * Writes the call graph in the callgrind format (https://valgrind.org/docs/manual/cl-format.html)
 * as pprof does. The number of calls is not known, so each edge has `times` calls: pprof writes 0,
 * but valgrind's callgrind_annotate then counts the cost of callees as the callers' own.
 */
export function renderCallgrind(report: CallgrindReport, times: 0 | 1): Generator<string> {
  return joinIntoPieces(callgrindLines(report, times));
}

function* callgrindLines(
  { sampleType, format, entries }: CallgrindReport,
  times: 0 | 1,
): Generator<string> {
  const { from, to } = format;
  const whole = (value: Int64) => truncate(scale(value, from, to).value);
  const binaries = new NameCompressor();
  const files = new NameCompressor();
  const names = new NameCompressor();
  yield "positions: instr line";
  yield `events: ${withoutLineBreaks(`${sampleType}(${to})`)}`;
  let before: CallgrindEntry | undefined;
  for (const entry of entries()) {
    if (!before || !isSameFunction(before, entry)) {
      yield "";
      yield `ob=${binaries.write(entry.binary)}`;
      yield `fl=${files.write(entry.file)}`;
      yield `fn=${names.write(entry.name)}`;
    }
    yield `${position(before, entry.address)} ${entry.line} ${whole(entry.flat)}`;
    for (const { file, name, address, line, weight } of entry.calls) {
      yield `cfl=${files.write(file)}`;
      yield `cfn=${names.write(name)}`;
      // The line of the call in the caller is not known.
      yield `calls=${times} ${position(before, address)} ${line}`;
      yield `* * ${whole(weight)}`;
    }
    before = entry;
  }
}

function isSameFunction(a: CallgrindEntry, b: CallgrindEntry): boolean {
  return a.binary === b.binary && a.file === b.file && a.name === b.name;
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
