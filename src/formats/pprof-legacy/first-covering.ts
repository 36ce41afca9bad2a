import type { Uint64 } from "../../profile/profile-builder.js";

const NONE = 0xffffffff;

/**
 * Finds the smallest number of the ranges that cover a point. Adding and finding take logarithmic
 * time: a tree over the ends of all ranges, in which a node has the smallest number that covers
 * everything below it.
 */
export class FirstCovering {
  readonly #ends: readonly Uint64[];
  readonly #leaves: number;
  readonly #tree: Uint32Array;

  /** `ends` has the starts and limits of all ranges that will be added. */
  constructor(ends: readonly Uint64[]) {
    const sorted = [...ends].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.#ends = sorted.filter((end, i) => i === 0 || end !== sorted[i - 1]);
    this.#leaves = this.#ends.length;
    this.#tree = new Uint32Array(this.#leaves * 2).fill(NONE);
  }

  /** Adds the range `[start, limit)`, which is empty if `limit` does not exceed `start`. */
  add(start: Uint64, limit: Uint64, number: number): void {
    const tree = this.#tree;
    let left = this.#leaves + this.#slot(start);
    let right = this.#leaves + this.#slot(limit);
    for (; left < right; left >>>= 1, right >>>= 1) {
      if (left & 1) {
        tree[left] = Math.min(tree[left], number);
        left++;
      }
      if (right & 1) {
        right--;
        tree[right] = Math.min(tree[right], number);
      }
    }
  }

  /** Returns the smallest number of a range that covers `point`, if there is one. */
  find(point: Uint64): number | undefined {
    const slot = this.#slot(point);
    if (slot < 0) return undefined;
    let first = NONE;
    for (let node = this.#leaves + slot; node > 0; node >>>= 1) {
      first = Math.min(first, this.#tree[node]);
    }
    return first === NONE ? undefined : first;
  }

  /** Returns the position of the last end that does not exceed `point`, or -1. */
  #slot(point: Uint64): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle] <= point) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
