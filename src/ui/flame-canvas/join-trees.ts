import { type Amounts, type FlameTree, flameTree } from "../../graph/flame-tree.js";
import type { FlameReport } from "../../report/flame.js";
import type { FlameFunction } from "../../report/flame-functions.js";
import type { FrameMarks } from "../../report/frame-marks.js";

export interface JoinedTrees {
  readonly tree: FlameTree;
  readonly functions: readonly FlameFunction[];
  /** The first frame of the second tree. */
  readonly split: number;
  readonly marks: FrameMarks | undefined;
}

/** Joins the trees of two reports on one profile under one root, and merges equal functions. */
export function joinTrees(first: FlameReport, second: FlameReport): JoinedTrees {
  const functions = [...first.functions];
  const numbers = new Map(functions.map((fn, number) => [keyOf(fn), number]));
  const renumbered = second.functions.map((fn) => {
    const key = keyOf(fn);
    const number = numbers.get(key) ?? functions.length;
    if (number === functions.length) {
      functions.push(fn);
      numbers.set(key, number);
    }
    return number;
  });
  const [a, b] = [first.tree, second.tree];
  const split = a.length;
  const length = a.length + b.length - 1;
  const depths = new Uint32Array(length);
  depths.set(a.depths);
  depths.set(b.depths.subarray(1), split);
  const flags = new Uint8Array(length);
  flags.set(a.flags);
  flags.set(b.flags.subarray(1), split);
  const functionsOf = new Uint32Array(length);
  functionsOf.set(a.functions);
  for (let frame = 1; frame < b.length; frame++) {
    functionsOf[split + frame - 1] = renumbered[b.functions[frame]];
  }
  const selfPlus = joinAmounts(a.selfPlus, b.selfPlus);
  const selfMinus =
    a.selfMinus || b.selfMinus
      ? joinAmounts(a.selfMinus ?? zeros(a.length), b.selfMinus ?? zeros(b.length))
      : undefined;
  const tree = flameTree({ depths, functions: functionsOf, flags, selfPlus, selfMinus });
  const marks = first.marks && second.marks && joinMarks(first.marks, second.marks);
  return { tree, functions, split, marks };
}

/** Leaves out the root of the second tree. */
function joinMarks(a: FrameMarks, b: FrameMarks): FrameMarks {
  const frames = new Uint32Array(a.frames.length + b.frames.length - 1);
  frames.set(a.frames);
  frames.set(
    b.frames.subarray(1).map((row) => row + a.names.length),
    a.frames.length,
  );
  return { names: [...a.names, ...b.names], frames };
}

function keyOf({ name, file, group }: FlameFunction): string {
  return JSON.stringify([name, file, group]);
}

const zeros = (length: number): Amounts => new Float64Array(length);

/** Leaves out the root of the second tree. */
function joinAmounts(a: Amounts, b: Amounts): Amounts {
  if (a instanceof Float64Array && b instanceof Float64Array) {
    const joined = new Float64Array(a.length + b.length - 1);
    joined.set(a);
    joined.set(b.subarray(1), a.length);
    return joined;
  }
  return [...Array.from(a, BigInt), ...Array.from(b, BigInt).slice(1)];
}
