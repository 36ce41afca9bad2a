import { int64At } from "../profile/columns.js";
import { abs, type Int64 } from "../units/int64.js";
import type { NodeIndex } from "../view/node-table.js";
import type { CallTree } from "./call-tree.js";

/** The edges of a call tree from which nodes are removed. */
export class TreeCalls {
  /** By node: its caller, or -1. */
  readonly callers: Int32Array;
  /** By node: 1 if the call to it was inlined. */
  readonly inlined: Uint8Array;
  /** By node: 1 if nodes between it and its caller were removed. */
  readonly residual: Uint8Array;

  constructor({ callers, edges }: CallTree) {
    this.callers = callers.slice();
    this.inlined = new Uint8Array(callers.length);
    this.residual = new Uint8Array(callers.length);
    for (let edge = 0; edge < edges.length; edge++) {
      this.inlined[edges.callee[edge]] = edges.inline[edge];
    }
  }

  /** Removes the nodes with a 1 in `removed`. Their callees move to the next remaining caller. */
  remove(removed: Uint8Array): void {
    // Callers precede callees, so the caller has its final caller by now.
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

  /** Detaches nodes with an absolute cum below `cutoff` from their callers; returns how many. */
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
