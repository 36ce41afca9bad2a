import { grown, type Int64Column, int64At, isZeroAt } from "../profile/columns.js";
import type { SampleIndex } from "../profile/indices.js";
import { abs, add, type Int64 } from "../units/int64.js";
import type { NodeIndex } from "../view/node-table.js";
import { hasValue, meanOf, type SampleValue } from "../view/sample-value.js";
import { PairInterner } from "./pair-interner.js";
import type { SampleTags } from "./sample-tags.js";
import type { StackNodes } from "./stack-nodes.js";
import { exactSums } from "./sums.js";

/** The values of the samples that have a tag at a node. For means, not yet divided. */
export interface TagSums {
  readonly flat: Int64;
  readonly cum: Int64;
  /** 0 if there is no divisor. */
  readonly flatDivisor: Int64;
  readonly cumDivisor: Int64;
}

/** A number, and the sums of all samples whose numbers have the same printed form. */
export interface NumberTag extends TagSums {
  readonly name: string;
  /** The first number with that printed form. */
  readonly number: Int64;
}

/** A set of text labels, and the sums of the samples that have it. */
export interface TextTag extends TagSums {
  readonly set: number;
}

export interface NodeTags {
  readonly texts: readonly TextTag[];
  /** By set of text labels (0 is the empty set): the numbers of the samples with this set. */
  readonly numbers: ReadonlyMap<number, readonly NumberTag[]>;
}

/** Returns the flat value of a tag as printed; for means, divided. */
export function flatOfTag({ flat, flatDivisor }: TagSums): Int64 {
  return meanOf(flat, flatDivisor);
}

/** Returns the cumulative value of a tag as printed; for means, divided. */
export function cumOfTag({ cum, cumDivisor }: TagSums): Int64 {
  return meanOf(cum, cumDivisor);
}

const NO_TAGS: NodeTags = { texts: [], numbers: new Map() };

/** The tags of the wanted nodes of `stacks`. */
export class TagsByNode {
  readonly #tags: SampleTags;
  readonly #sums: PairSums;
  /** By node: its pairs of node and tag, in the order of the samples. */
  readonly #pairsOf = new Map<number, number[]>();
  readonly #nameOf: (number: Int64) => string;
  /** By tag: the printed form of its number. A cache, because many nodes have the same tags. */
  readonly #names: string[] = [];
  readonly #cutoff: Int64;

  /** Omits tags whose flat and cum are both below `cutoff`. `nameOf` formats a number. */
  constructor(
    tags: SampleTags,
    value: SampleValue,
    stacks: StackNodes,
    cutoff: Int64,
    nameOf: (number: Int64) => string,
  ) {
    this.#tags = tags;
    this.#nameOf = nameOf;
    this.#cutoff = cutoff;
    this.#sums = sumPairs(tags, value, stacks);
    for (let pair = 0; pair < this.#sums.pairs.length; pair++) {
      const node = this.#sums.pairs.first(pair);
      const known = this.#pairsOf.get(node);
      if (known) known.push(pair);
      else this.#pairsOf.set(node, [pair]);
    }
  }

  /** Whether some tag of `node` has a flat value. Much faster than {@link of}. */
  hasFlat(node: NodeIndex): boolean {
    const pairs = this.#pairsOf.get(node) ?? [];
    return pairs.some((pair) => !isZeroAt(this.#sums.flat, pair));
  }

  /** Returns the tags of `node`. */
  of(node: NodeIndex): NodeTags {
    const pairs = this.#pairsOf.get(node);
    if (!pairs) return NO_TAGS;
    const isLarge = ({ flat, cum }: TagSums) =>
      abs(flat) >= this.#cutoff || abs(cum) >= this.#cutoff;
    const texts: TextTag[] = [];
    const numbers = new Map<number, Map<string, NumberTag>>();
    for (const pair of pairs) {
      const tag = this.#sums.pairs.second(pair);
      const set = this.#tags.sets[tag];
      const number = this.#tags.numbers[tag];
      const sums = this.#sumsOf(pair);
      if (number === undefined) {
        if (isLarge(sums)) texts.push({ set, ...sums });
        continue;
      }
      this.#names[tag] ??= this.#nameOf(number);
      const name = this.#names[tag];
      const named = numbers.get(set) ?? new Map<string, NumberTag>();
      numbers.set(set, named);
      const known = named.get(name);
      named.set(name, known ? { ...known, ...addSums(known, sums) } : { name, number, ...sums });
    }
    return {
      texts,
      numbers: new Map(
        Array.from(numbers, ([set, named]) => [set, [...named.values()].filter(isLarge)]),
      ),
    };
  }

  #sumsOf(pair: number): TagSums {
    const { flat, cum, flatDivisor, cumDivisor } = this.#sums;
    return {
      flat: int64At(flat, pair),
      cum: int64At(cum, pair),
      flatDivisor: flatDivisor ? int64At(flatDivisor, pair) : 0,
      cumDivisor: cumDivisor ? int64At(cumDivisor, pair) : 0,
    };
  }
}

function addSums(a: TagSums, b: TagSums): TagSums {
  return {
    flat: add(a.flat, b.flat),
    cum: add(a.cum, b.cum),
    flatDivisor: add(a.flatDivisor, b.flatDivisor),
    cumDivisor: add(a.cumDivisor, b.cumDivisor),
  };
}

interface PairSums {
  readonly pairs: PairInterner;
  readonly flat: Int64Column;
  readonly cum: Int64Column;
  readonly flatDivisor: Int64Column | undefined;
  readonly cumDivisor: Int64Column | undefined;
}

/** Up to this number of pairs, a table finds each of them without hashing. */
const MAX_DENSE_PAIRS = 2 ** 22;

function sumPairs(tags: SampleTags, value: SampleValue, stacks: StackNodes): PairSums {
  const { offsets, rows } = tags;
  let pairs = new PairInterner();
  const isDense = stacks.list.length * tags.sets.length <= MAX_DENSE_PAIRS;
  const sum = (weights: Float64Array) => {
    // The pairs depend only on the samples, so every pass of exactSums finds the same ones.
    pairs = new PairInterner();
    /** By node and tag: the pair, or -1. Used if the table is small enough. */
    const known: (Int32Array | undefined)[] = [];
    let flat = new Float64Array(1 << 10);
    let cum = new Float64Array(1 << 10);
    for (let sample = 0 as SampleIndex; sample < weights.length; sample++) {
      const start = offsets[sample];
      const end = offsets[sample + 1];
      if (start === end) continue;
      if (!hasValue(value, sample)) continue;
      const weight = weights[sample];
      stacks.read(sample);
      for (let i = 0; i < stacks.length; i++) {
        const node = stacks.list[i];
        const isLeaf = node === stacks.leaf;
        if (isDense) known[node] ??= new Int32Array(tags.sets.length).fill(-1);
        const ofNode = known[node];
        for (let row = start; row < end; row++) {
          const tag = rows[row];
          let index = ofNode ? ofNode[tag] : -1;
          if (index < 0) {
            index = pairs.intern(node, tag);
            if (ofNode) ofNode[tag] = index;
          }
          if (index === cum.length) [flat, cum] = [grown(flat), grown(cum)];
          cum[index] += weight;
          if (isLeaf) flat[index] += weight;
        }
      }
    }
    return [flat.subarray(0, pairs.length), cum.subarray(0, pairs.length)];
  };
  const [flat, cum] = exactSums(value.values, sum);
  const [flatDivisor, cumDivisor] = value.divisors ? exactSums(value.divisors, sum) : [];
  return { pairs, flat, cum, flatDivisor, cumDivisor };
}
