import { type IndexColumn, type Int64Column, indexColumn } from "../profile/columns.js";
import type { NodeIndex } from "../view/nodes.js";

/** The edges between nodes. */
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

const EMPTY = -1;

/** Sums calls by caller and callee. A hash table in typed arrays, fast enough for millions of calls. */
export class EdgeBuilder {
  #slots = new Int32Array(1 << 12).fill(EMPTY);
  #caller = new Uint32Array(1 << 11);
  #callee = new Uint32Array(1 << 11);
  #weight = new Float64Array(1 << 11);
  #inline = new Uint8Array(1 << 11);
  #residual = new Uint8Array(1 << 11);
  /** By edge: the last sample that was added, plus one. */
  #seenIn = new Uint32Array(1 << 11);
  #length = 0;

  /** Returns the edge from `caller` to `callee`, and creates it if necessary. */
  find(caller: number, callee: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(caller, callee) & mask;
    let edge = this.#slots[slot];
    while (edge !== EMPTY && (this.#caller[edge] !== caller || this.#callee[edge] !== callee)) {
      slot = (slot + 1) & mask;
      edge = this.#slots[slot];
    }
    if (edge !== EMPTY) return edge;
    edge = this.#length++;
    this.#slots[slot] = edge;
    this.#caller[edge] = caller;
    this.#callee[edge] = callee;
    this.#inline[edge] = 1;
    if (this.#length === this.#caller.length) this.#grow();
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
    const size = this.#length * 2;
    this.#caller = copyInto(new Uint32Array(size), this.#caller);
    this.#callee = copyInto(new Uint32Array(size), this.#callee);
    this.#weight = copyInto(new Float64Array(size), this.#weight);
    this.#inline = copyInto(new Uint8Array(size), this.#inline);
    this.#residual = copyInto(new Uint8Array(size), this.#residual);
    this.#seenIn = copyInto(new Uint32Array(size), this.#seenIn);
    this.#slots = new Int32Array(size * 2).fill(EMPTY);
    const mask = this.#slots.length - 1;
    for (let edge = 0; edge < this.#length; edge++) {
      let slot = hash(this.#caller[edge], this.#callee[edge]) & mask;
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = edge;
    }
  }

  /** Returns the sum of weights of each edge. */
  weights(): Float64Array {
    return this.#weight.subarray(0, this.#length);
  }

  /** Returns the edges, in the order in which they were created, with these weights and divisors. */
  finish(weight: Int64Column, divisor: Int64Column | undefined): EdgeTable {
    return {
      length: this.#length,
      caller: indexColumn(this.#caller.subarray(0, this.#length)),
      callee: indexColumn(this.#callee.subarray(0, this.#length)),
      weight,
      divisor,
      inline: this.#inline.subarray(0, this.#length),
      residual: this.#residual.subarray(0, this.#length),
    };
  }
}

function copyInto<A extends { set(from: A): void }>(to: A, from: A): A {
  to.set(from);
  return to;
}

/** Random factors, so that no profile can be made in which many edges collide. */
const CALLER_FACTOR = (Math.random() * 2 ** 32) | 1;
const CALLEE_FACTOR = (Math.random() * 2 ** 32) | 1;

function hash(caller: number, callee: number): number {
  let mixed = Math.imul(caller, CALLER_FACTOR) + Math.imul(callee, CALLEE_FACTOR);
  mixed ^= mixed >>> 15;
  return Math.imul(mixed, 0x2c1b3c6d) >>> 4;
}
