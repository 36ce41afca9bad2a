import type { Int64 } from "../../units/int64.js";
import { Int64Builder, Uint32Builder } from "../columns.js";
import { tooLarge } from "../errors.js";
import type { Uint64 } from "../profile-builder.js";

/** About what an address costs in the map that finds it again. */
const MAP_ENTRY_BYTES = 64;

/**
 * Samples whose stacks are addresses, as old formats have them. An address is kept once;
 * stacks are indices into {@link addresses}.
 */
export class AddressSamples {
  /** Every different address, in the order in which they came. */
  readonly addresses: Uint64[] = [];
  readonly #indices = new Map<Uint64, number>();
  readonly #frames = new Uint32Builder();
  readonly #offsets = new Uint32Builder();
  /** One for each sample type. */
  readonly values: readonly Int64Builder[];
  /** For samples of a heap: the average size of an object. */
  readonly blockSizes = new Int64Builder();
  readonly #limit: number;

  /** `limit`: how many bytes the samples may take; {@link end} throws {@link tooLarge} beyond. */
  constructor(typeCount: number, limit: number) {
    this.values = Array.from({ length: typeCount }, () => new Int64Builder());
    this.#limit = limit;
    this.#offsets.push(0);
  }

  get count(): number {
    return this.#offsets.length - 1;
  }

  /** Adds a frame to the stack of the next sample, leaf first. */
  frame(address: Uint64): void {
    let index = this.#indices.get(address);
    if (index === undefined) {
      index = this.addresses.length;
      this.#indices.set(address, index);
      this.addresses.push(address);
    }
    this.#frames.push(index);
  }

  /** Ends a sample, whose frames were given before. */
  end(values: readonly Int64[], blockSize?: Int64): void {
    this.#offsets.push(this.#frames.length);
    let bytes = this.#frames.bytes + this.#offsets.bytes + this.blockSizes.bytes;
    values.forEach((value, type) => {
      this.values[type].push(value);
      bytes += this.values[type].bytes;
    });
    if (blockSize !== undefined) this.blockSizes.push(blockSize);
    bytes += this.addresses.length * MAP_ENTRY_BYTES;
    if (bytes > this.#limit) throw tooLarge(this.#limit);
  }

  /** The index of an address that came, or undefined. */
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

/** The stacks without their second frame where `isExtra` says so. */
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
