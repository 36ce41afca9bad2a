import { grown, type Int64Column } from "../profile/columns.js";
import { PairInterner } from "./pair-interner.js";

/** Calls between nodes. */
export interface EdgeTable {
  readonly length: number;
  readonly caller: Uint32Array;
  readonly callee: Uint32Array;
  readonly weight: Int64Column;
  /** For means: what the weights are to be divided by. */
  readonly divisor: Int64Column | undefined;
  /** 1 where every call of the edge was inlined. */
  readonly inline: Uint8Array;
  /** 1 where some call of the edge went through nodes that edges go around. */
  readonly residual: Uint8Array;
}

/** Sums up calls by caller and callee. */
export class EdgeBuilder {
  readonly #pairs = new PairInterner();
  #weight = new Float64Array(1 << 11);
  #inline = new Uint8Array(1 << 11).fill(1);
  #residual = new Uint8Array(1 << 11);
  /** The last sample, counted from 1, that added to each edge. */
  #seenIn = new Uint32Array(1 << 11);

  /** Returns the edge from `caller` to `callee`, a new one if there is none. */
  find(caller: number, callee: number): number {
    const edge = this.#pairs.intern(caller, callee);
    if (edge === this.#weight.length) this.#grow();
    return edge;
  }

  /** Adds a call to an edge, unless the sample has added to it before. */
  add(edge: number, weight: number, sample: number, inline: boolean, residual: boolean): void {
    if (this.#seenIn[edge] === sample + 1) return;
    this.#seenIn[edge] = sample + 1;
    this.#weight[edge] += weight;
    if (!inline) this.#inline[edge] = 0;
    if (residual) this.#residual[edge] = 1;
  }

  #grow(): void {
    const { length } = this.#weight;
    this.#weight = grown(this.#weight);
    this.#inline = grown(this.#inline).fill(1, length);
    this.#residual = grown(this.#residual);
    this.#seenIn = grown(this.#seenIn);
  }

  /** The weights added so far, by edge. */
  weights(): Float64Array {
    return this.#weight.subarray(0, this.#pairs.length);
  }

  /** Returns the edges in the order in which they were first added, with these sums. */
  finish(weight: Int64Column, divisor: Int64Column | undefined): EdgeTable {
    const { length, firsts, seconds } = this.#pairs;
    return {
      length,
      caller: firsts,
      callee: seconds,
      weight,
      divisor,
      inline: this.#inline.subarray(0, length),
      residual: this.#residual.subarray(0, length),
    };
  }
}
