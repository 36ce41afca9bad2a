import type { Budget } from "../../profile/budget.js";
import type { Int64 } from "../../units/int64.js";
import type { CallCost, CostFunction, CostGraph } from "./line-reader.js";

/** The memory of a function, and for each of its events, in bytes. */
const FUNCTION_BYTES = 80;
const FUNCTION_EVENT_BYTES = 40;
/** The memory of a call, and for each of its events, in bytes. */
const CALL_BYTES = 80;
const CALL_EVENT_BYTES = 8;

/** The maximum number of calls visited to cancel cycles; it bounds the time for dense recursion. */
const MAX_CYCLE_STEPS = 2 ** 26;

/** The state of a function in the search for cycles. */
const UNSEEN = 0;
const ON_PATH = 1;
const DONE = 2;

/**
 * The costs that stacks still have to receive, as a flow: cost enters a function by its calls, or at
 * a root, and leaves it as its own cost or by the calls it makes. As much leaves as enters.
 *
 * Functions are numbered as in the graph. The calls of function `f` begin at `firstCall[f]` and
 * end before `firstCall[f + 1]`, the cheapest first. Costs of calls and functions are indexed
 * by `call * eventCount + event` and `fn * eventCount + event`. Costs beyond 2^53 are rounded.
 */
export class CallFlow {
  readonly eventCount: number;
  readonly calls: readonly CallCost[];
  readonly caller: Uint32Array;
  readonly callee: Uint32Array;
  readonly firstCall: Uint32Array;
  readonly callCosts: Float64Array;
  readonly ownCosts: Float64Array;
  /** The cost that calls to a function have, but neither the function nor its callees. */
  readonly missing: Float64Array;
  /** The cost that calls to a function do not have: the function is a root, or a caller is unknown. */
  readonly rootCosts: Float64Array;
  /** The sum of all that leaves a function: own costs, calls and missing costs. */
  readonly remaining: Float64Array;
  /** At least the number of functions in the deepest stack. */
  maxDepth = 1;
  #cycleSteps = MAX_CYCLE_STEPS;

  constructor({ events, functions }: CostGraph, budget: Budget) {
    const eventCount = events.length;
    this.eventCount = eventCount;
    budget.charge(functions.length * (FUNCTION_BYTES + eventCount * FUNCTION_EVENT_BYTES));
    const calls: CallCost[] = [];
    const caller: number[] = [];
    this.firstCall = new Uint32Array(functions.length + 1);
    for (const fn of functions) {
      budget.charge(fn.calls.size * (CALL_BYTES + eventCount * CALL_EVENT_BYTES));
      for (const call of callsOf(fn)) {
        calls.push(call);
        caller.push(fn.id);
      }
      this.firstCall[fn.id + 1] = calls.length;
    }
    this.calls = calls;
    this.caller = Uint32Array.from(caller);
    this.callee = Uint32Array.from(calls, ({ callee }) => callee.id);
    this.callCosts = new Float64Array(calls.length * eventCount);
    calls.forEach(({ costs }, call) => {
      addPositive(this.callCosts, call * eventCount, costs);
    });
    this.ownCosts = new Float64Array(functions.length * eventCount);
    for (const { id, own } of functions) {
      for (const { costs } of own.values()) addPositive(this.ownCosts, id * eventCount, costs);
    }
    this.rootCosts = this.#balance();
    for (let event = 0; event < eventCount; event++) this.#cancelCycles(event);
    this.missing = this.rootCosts.map((cost) => Math.max(0, -cost));
    this.remaining = this.ownCosts.map((cost, i) => cost + this.missing[i]);
    for (let call = 0; call < calls.length; call++) {
      for (let event = 0; event < eventCount; event++) {
        const cost = this.callCosts[call * eventCount + event];
        this.remaining[this.caller[call] * eventCount + event] += cost;
      }
    }
  }

  /** Returns what leaves each function minus what enters it. */
  #balance(): Float64Array {
    const { eventCount, caller, callee, callCosts } = this;
    const balance = this.ownCosts.slice();
    for (let call = 0; call < caller.length; call++) {
      for (let event = 0; event < eventCount; event++) {
        const cost = callCosts[call * eventCount + event];
        balance[caller[call] * eventCount + event] += cost;
        balance[callee[call] * eventCount + event] -= cost;
      }
    }
    return balance;
  }

  /**
   * Subtracts from each cycle of calls its smallest cost, until no cycle is left: callgrind counts
   * the cost of a recursive call in each call around it. Searches from the roots in depth. Cuts a
   * cycle at the call that closes it once the steps are used up.
   */
  #cancelCycles(event: number): void {
    const { eventCount, caller, callee, callCosts, rootCosts, firstCall } = this;
    const functionCount = firstCall.length - 1;
    const state = new Uint8Array(functionCount);
    const depth = new Uint32Array(functionCount);
    const height = new Uint32Array(functionCount).fill(1);
    const next = firstCall.slice();
    const path: number[] = [];
    const search = (root: number) => {
      let fn = root;
      state[fn] = ON_PATH;
      depth[fn] = 0;
      for (;;) {
        const call = next[fn];
        if (call === firstCall[fn + 1]) {
          state[fn] = DONE;
          const entry = path.pop();
          if (entry === undefined) return;
          fn = caller[entry];
          continue;
        }
        const target = callee[call];
        const cost = callCosts[call * eventCount + event];
        if (cost === 0) {
          next[fn]++;
        } else if (state[target] === DONE) {
          next[fn]++;
          height[fn] = Math.max(height[fn], height[target] + 1);
          this.maxDepth = Math.max(this.maxDepth, height[fn]);
        } else if (state[target] === UNSEEN) {
          path.push(call);
          state[target] = ON_PATH;
          depth[target] = path.length;
          fn = target;
        } else if (this.#cycleSteps <= 0) {
          callCosts[call * eventCount + event] = 0;
          rootCosts[fn * eventCount + event] -= cost;
          rootCosts[target * eventCount + event] += cost;
        } else {
          path.push(call);
          const start = depth[target];
          this.#cycleSteps -= path.length - start;
          const end = this.#cancelCycle(path, start, event);
          for (let i = end; i < path.length - 1; i++) state[callee[path[i]]] = UNSEEN;
          fn = caller[path[end]];
          path.length = end;
        }
      }
    };
    for (let fn = 0; fn < functionCount; fn++) {
      if (rootCosts[fn * eventCount + event] > 0 && state[fn] === UNSEEN) search(fn);
    }
    for (let fn = 0; fn < functionCount; fn++) if (state[fn] === UNSEEN) search(fn);
  }

  /** Subtracts the smallest cost of the cycle at the end of `path`; returns its first empty call. */
  #cancelCycle(path: readonly number[], start: number, event: number): number {
    const { eventCount, callCosts } = this;
    let least = Number.POSITIVE_INFINITY;
    for (let i = start; i < path.length; i++) {
      least = Math.min(least, callCosts[path[i] * eventCount + event]);
    }
    let end = path.length;
    for (let i = path.length - 1; i >= start; i--) {
      const at = path[i] * eventCount + event;
      callCosts[at] -= least;
      if (callCosts[at] === 0) end = i;
    }
    return end;
  }
}

/** Returns the calls of a function, the cheapest first, without those to itself. */
function callsOf(fn: CostFunction): CallCost[] {
  const cost = ({ costs }: CallCost) => Number(costs[0] ?? 0);
  return [...fn.calls.values()]
    .filter(({ callee }) => callee !== fn)
    .sort((a, b) => cost(a) - cost(b));
}

/** Adds costs to sums. Negative costs, which occur in differences, cannot flow. */
function addPositive(sums: Float64Array, start: number, costs: readonly Int64[]): void {
  for (let event = 0; event < costs.length; event++) {
    sums[start + event] += Math.max(0, Number(costs[event]));
  }
}
