import { type Amounts, type FlameTree, flameTree } from "../../graph/flame-tree.js";
import type { FlamePlace, FlameReport } from "../../report/flame.js";

/** Two trees joined under one root. */
export interface JoinedTrees {
  readonly tree: FlameTree;
  readonly places: readonly FlamePlace[];
  /** The first frame of the second tree. */
  readonly split: number;
}

/** Joins the trees of two reports on one profile under one root, and merges equal functions. */
export function joinTrees(first: FlameReport, second: FlameReport): JoinedTrees {
  const places = [...first.places];
  const numbers = new Map(places.map((place, number) => [keyOf(place), number]));
  const renumbered = second.places.map((place) => {
    const key = keyOf(place);
    const number = numbers.get(key) ?? places.length;
    if (number === places.length) {
      places.push(place);
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
  const placesOf = new Uint32Array(length);
  placesOf.set(a.places);
  for (let frame = 1; frame < b.length; frame++) {
    placesOf[split + frame - 1] = renumbered[b.places[frame]];
  }
  const selfPlus = joinAmounts(a.selfPlus, b.selfPlus);
  const selfMinus =
    a.selfMinus || b.selfMinus
      ? joinAmounts(a.selfMinus ?? zeros(a.length), b.selfMinus ?? zeros(b.length))
      : undefined;
  const tree = flameTree({ depths, places: placesOf, flags, selfPlus, selfMinus });
  return { tree, places, split };
}

function keyOf({ name, file, group }: FlamePlace): string {
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
