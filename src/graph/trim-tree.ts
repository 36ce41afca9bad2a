import { int64At } from "../profile/columns.js";
import { abs, type Int64 } from "../units/int64.js";
import type { NodeIndex } from "../view/nodes.js";
import type { CallTree } from "./call-tree.js";

/** The calls of a call tree that lost some of its nodes. */
export class TreeCalls {
  /** By node: its caller, or -1. */
  readonly callers: Int32Array;
  /** By node: 1 where the call into it was inlined. */
  readonly inlined: Uint8Array;
  /** By node: 1 where its caller did not call it itself. */
  readonly residual: Uint8Array;

  constructor({ callers, edges }: CallTree) {
    this.callers = callers.slice();
    this.inlined = new Uint8Array(callers.length);
    this.residual = new Uint8Array(callers.length);
    for (let edge = 0; edge < edges.length; edge++) {
      this.inlined[edges.callee[edge]] = edges.inline[edge];
    }
  }

  /** Hands what the nodes with a 1 in `removed` call to the closest caller that is left. */
  remove(removed: Uint8Array): void {
    // Callers come before what they call, so that they have been handed on already.
    for (let node = 0 as NodeIndex; node < this.callers.length; node++) {
      const caller = this.callers[node];
      if (caller < 0 || !removed[caller]) continue;
      this.callers[node] = this.callers[caller];
      this.inlined[node] &= this.inlined[caller];
      this.residual[node] = 1;
    }
    for (let node = 0 as NodeIndex; node < removed.length; node++)
      if (removed[node]) this.callers[node] = -1;
  }

  /** Cuts the calls of `nodes` from their callers where the cum is below `cutoff`; returns how many. */
  cutLight(nodes: readonly NodeIndex[], cum: CallTree["values"]["cum"], cutoff: Int64): number {
    let cut = 0;
    for (const node of nodes) {
      if (this.callers[node] < 0 || abs(int64At(cum, node)) >= cutoff) continue;
      this.callers[node] = -1;
      cut++;
    }
    return cut;
  }
}
