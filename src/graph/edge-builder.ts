import { grown, type IndexColumn, type Int64Column, indexColumn } from "../profile/columns.js";
import type { NodeIndex } from "../view/node-table.js";
import { PairInterner } from "./pair-interner.js";

export interface EdgeTable {
  readonly length: number;
  readonly caller: IndexColumn<NodeIndex>;
  readonly callee: IndexColumn<NodeIndex>;
  readonly weight: Int64Column;
  /** For means: the divisor of each weight. */
  readonly divisor: Int64Column | undefined;
  /** 1 if every call of the edge was inlined. */
  readonly inline: Uint8Array;
  /** 1 if some call of the edge went through hidden nodes. */
  readonly residual: Uint8Array;
}

export class EdgeBuilder {
  readonly #pairs = new PairInterner();
  #weight = new Float64Array(1 << 11);
  #inline = new Uint8Array(1 << 11).fill(1);
  #residual = new Uint8Array(1 << 11);
  /** By edge: the last sample that was added, plus one. */
  #seenIn = new Uint32Array(1 << 11);

  /** Returns the edge from `caller` to `callee`, a new one if there is none. */
  find(caller: number, callee: number): number {
    const edge = this.#pairs.intern(caller, callee);
    if (edge === this.#weight.length) this.#grow();
    return edge;
  }

  /** Adds a call to an edge, once for each sample. */
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

  weights(): Float64Array {
    return this.#weight.subarray(0, this.#pairs.length);
  }

  /** Returns the edges in the order in which they were first added, with these sums. */
  finish(weight: Int64Column, divisor: Int64Column | undefined): EdgeTable {
    const { length, firsts, seconds } = this.#pairs;
    return {
      length,
      caller: indexColumn(firsts),
      callee: indexColumn(seconds),
      weight,
      divisor,
      inline: this.#inline.subarray(0, length),
      residual: this.#residual.subarray(0, length),
    };
  }
}
