import { MAP_ENTRY_BYTES } from "../../profile/budget.js";
import { type Int64, multiply } from "../../units/int64.js";
import type { JsonInput } from "../json.js";

/** A method of a stackprof profile. Its counts are numbers of samples. */
export interface StackprofFrame {
  readonly id: string;
  readonly name: string;
  /** The path, `<cfunc>` for methods that are written in C, or empty. */
  readonly file: string;
  /** The first line of the method; 0 if unknown. */
  readonly startLine: number;
  /** The samples in which the method is the innermost one. */
  readonly samples: number;
  /** The lines that were running in samples. */
  readonly lines: readonly StackprofLine[];
  /** The samples by the id of a callee. In recursion, a call counts several times per sample. */
  readonly edges: readonly (readonly [callee: string, samples: number])[];
}

export interface StackprofLine {
  readonly line: number;
  /** The samples in which the method is the innermost one. */
  readonly own: number;
}

/** The memory of a frame, and of a line or edge, in bytes. */
const FRAME_BYTES = 300;
const ENTRY_BYTES = 100;

/** Reads the methods of a profile by their ids, which are addresses or hashes. */
export function readFrames(json: JsonInput, value: unknown): ReadonlyMap<string, StackprofFrame> {
  const frames = new Map<string, StackprofFrame>();
  for (const [id, entry] of Object.entries(json.object(value, "frames"))) {
    json.budget.charge(MAP_ENTRY_BYTES + FRAME_BYTES);
    const frame = json.object(entry, "a frame");
    frames.set(id, {
      id,
      name: json.text(frame.name, "the name of a frame"),
      file: json.text(frame.file, "the file of a frame"),
      startLine: count(json, frame.line, "the line of a frame"),
      samples: count(json, frame.samples, "the samples of a frame"),
      lines: entries(json, frame.lines, "lines").map(([line, counts]) => {
        // Old versions write a number instead of both.
        const own = Array.isArray(counts) ? counts[1] : counts;
        return {
          line: count(json, Number(line), "a line"),
          own: count(json, own, "the samples of a line"),
        };
      }),
      edges: entries(json, frame.edges, "edges").map(
        ([callee, samples]) => [callee, count(json, samples, "the samples of an edge")] as const,
      ),
    });
  }
  return frames;
}

function entries(json: JsonInput, value: unknown, what: string): [string, unknown][] {
  const found = Object.entries(json.object(value ?? {}, what));
  json.budget.charge(found.length * ENTRY_BYTES);
  return found;
}

/** Returns a whole number that is not negative; 0 if it is missing. */
function count(json: JsonInput, value: unknown, what: string): number {
  const number = json.whole(value ?? 0, what);
  if (number < 0) throw json.malformed(`${what} is negative`);
  return number;
}

/** Returns the line of a frame if all of its samples have the same line; else 0. */
export function onlyLine({ lines }: StackprofFrame): number {
  return lines.length === 1 ? lines[0].line : 0;
}

/** Returns the lines of the next samples in which a method is the innermost one. */
export type LineDealer = (samples: number) => StackprofLine[];

/** Returns a function that deals out the lines of a method, of which only the counts are known. */
export function lineDealer({ lines }: StackprofFrame): LineDealer {
  let next = 0;
  let used = 0;
  return (samples) => {
    const dealt: StackprofLine[] = [];
    let left = samples;
    while (left > 0 && next < lines.length) {
      const { line, own } = lines[next];
      const part = Math.min(left, own - used);
      if (part > 0) dealt.push({ line, own: part });
      left -= part;
      used += part;
      if (used < own) break;
      next++;
      used = 0;
    }
    if (left > 0) dealt.push({ line: 0, own: left });
    return dealt;
  };
}

/** Returns the values of samples: their number, and the second value if they have one. */
export function valuesOf(samples: number, perSample: number | undefined): Int64[] {
  return perSample === undefined ? [samples] : [samples, multiply(samples, perSample)];
}
