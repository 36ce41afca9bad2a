import type { Budget } from "../../profile/budget.js";
import { Int64Builder, Uint32Builder } from "../../profile/columns.js";
import type { Uint64 } from "../../profile/profile-builder.js";
import type { Int64 } from "../../units/int64.js";

/** The memory per address with its map entry, in bytes. */
const ADDRESS_BYTES = 112;
const FRAME_BYTES = 4;
const SAMPLE_BYTES = 4;
const VALUE_BYTES = 8;

/** Samples of old formats. Stacks are indices into {@link addresses}, which has no duplicates. */
export class AddressSamples {
  /** All distinct addresses, in order of appearance. */
  readonly addresses: Uint64[] = [];
  readonly #indices = new Map<Uint64, number>();
  readonly #frames = new Uint32Builder();
  readonly #offsets = new Uint32Builder();
  readonly values: readonly Int64Builder[];
  /** The average object size per sample, for heap profiles. */
  readonly blockSizes = new Int64Builder();
  readonly #budget: Budget;

  constructor(typeCount: number, budget: Budget) {
    this.values = Array.from({ length: typeCount }, () => new Int64Builder());
    this.#budget = budget;
    this.#offsets.push(0);
  }

  get count(): number {
    return this.#offsets.length - 1;
  }

  /** Adds a frame to the stack of the next sample, leaf first. */
  frame(address: Uint64): void {
    let index = this.#indices.get(address);
    if (index === undefined) {
      this.#budget.charge(ADDRESS_BYTES);
      index = this.addresses.length;
      this.#indices.set(address, index);
      this.addresses.push(address);
    }
    this.#budget.charge(FRAME_BYTES);
    this.#frames.push(index);
  }

  /** Adds a sample with the frames added since the last one. */
  end(values: readonly Int64[], blockSize?: Int64): void {
    this.#budget.charge(SAMPLE_BYTES + (values.length + 1) * VALUE_BYTES);
    this.#offsets.push(this.#frames.length);
    values.forEach((value, type) => {
      this.values[type].push(value);
    });
    if (blockSize !== undefined) this.blockSizes.push(blockSize);
  }

  indexOf(address: Uint64): number | undefined {
    return this.#indices.get(address);
  }

  stacks(): Stacks {
    return { offsets: this.#offsets.finish(), frames: this.#frames.finish() };
  }
}

/** The stack of sample `s`, leaf first, is `frames[offsets[s], offsets[s + 1])`. */
export interface Stacks {
  readonly offsets: Uint32Array;
  readonly frames: Uint32Array;
}

/** Removes the second frame of each stack for which `isExtra` is true. */
export function withoutSecondFrames(
  { offsets, frames }: Stacks,
  isExtra: (leaf: number, second: number) => boolean,
): Stacks {
  const keptOffsets = new Uint32Array(offsets.length);
  const kept = new Uint32Array(frames.length);
  let length = 0;
  for (let sample = 0; sample + 1 < offsets.length; sample++) {
    const start = offsets[sample];
    const end = offsets[sample + 1];
    const drops = end - start > 1 && isExtra(frames[start], frames[start + 1]);
    for (let i = start; i < end; i++) {
      if (!(drops && i === start + 1)) kept[length++] = frames[i];
    }
    keptOffsets[sample + 1] = length;
  }
  return { offsets: keptOffsets, frames: kept.subarray(0, length) };
}
