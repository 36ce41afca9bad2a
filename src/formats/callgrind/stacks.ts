import type { Budget } from "../../profile/budget.js";
import type { LocationIndex } from "../../profile/indices.js";
import type { ProfileBuilder } from "../../profile/profile-builder.js";
import { int64 } from "../../units/int64.js";
import { NO_STACK, type StackSums } from "../stack-sums.js";
import { CallFlow } from "./flow.js";
import type { CostGraph, OwnCost } from "./line-reader.js";
import { CostLocations } from "./locations.js";

/** A stack with at least this share of the total of an event is split in proportion. */
const MIN_SPLIT_SHARE = 2 ** -13;
/** The maximum number of costs visited to split stacks. */
const MAX_SPLIT_VISITS = 2 ** 24;

/** The maximum number of calls added to stacks, for any file and for each call in the file. */
const BASE_STEPS = 2 ** 18;
const STEPS_PER_CALL = 16;
/** The maximum number of frames of all samples, for any file and for each call in the file. */
const BASE_FRAMES = 2 ** 24;
const FRAMES_PER_CALL = 2 ** 10;

/** The memory of a cursor over a function's own costs, in bytes. */
const CURSOR_BYTES = 200;
/** The memory of a stack that waits, and for each of its events, in bytes. */
const CONTEXT_BYTES = 100;
const CONTEXT_EVENT_BYTES = 8;

/** A stack, and the cost that it has yet to pass on to its last function and callees, by event. */
interface Context {
  readonly node: number;
  readonly depth: number;
  readonly fn: number;
  readonly costs: Float64Array;
}

/**
 * Reconstructs stacks from calls, so that the own cost of every line and the inclusive cost of every
 * call are sums of stacks. Callgrind does not record which part of a function's cost belongs to
 * which of its callers' callers. Any way to divide the flow of costs into paths fits the file.
 *
 * Large costs are divided in proportion, as in gprof: a caller with three quarters of a function's
 * cost also has three quarters of its callees. That alone would need as many stacks as there are
 * paths. A small cost follows few paths instead: it becomes own cost where some is left, and
 * otherwise uses up the calls one after another. All parts are whole numbers, so that every call is
 * used up exactly. The number of stacks grows with the number of calls, not of paths.
 *
 * Recursive calls count once; see {@link CallFlow}. If stacks need more than the permitted number of
 * steps, the remaining own costs become stacks of one frame, and are missing in their callers. The
 * memory used is charged to `budget`.
 */
export function addCallStacks(
  graph: CostGraph,
  builder: ProfileBuilder,
  sums: StackSums,
  budget: Budget,
): void {
  new StackDivision(graph, builder, sums, budget).run();
}

class StackDivision {
  readonly #graph: CostGraph;
  readonly #sums: StackSums;
  readonly #budget: Budget;
  readonly #flow: CallFlow;
  readonly #locations: CostLocations;
  /** The location of each call, once a stack contains it. */
  readonly #callLocations: (LocationIndex | undefined)[] = [];
  /** By function and event. The part of the own costs that has not been assigned to stacks. */
  readonly #cursors: (readonly Cursor[])[];
  /** By function and event: the first call that is not used up. */
  readonly #nextCalls: Uint32Array;
  readonly #totals: Float64Array;
  readonly #large: Context[] = [];
  #small: Context[] = [];
  /** The number of stacks to split. More of them could need more steps than there are. */
  #splitsLeft: number;
  #visitsLeft = MAX_SPLIT_VISITS;
  #stepsLeft: number;
  #framesLeft: number;

  constructor(graph: CostGraph, builder: ProfileBuilder, sums: StackSums, budget: Budget) {
    this.#graph = graph;
    this.#sums = sums;
    this.#budget = budget;
    this.#locations = new CostLocations(builder, budget);
    this.#flow = new CallFlow(graph, budget);
    const { eventCount, firstCall, calls, rootCosts, maxDepth } = this.#flow;
    this.#splitsLeft = Math.ceil((2 * BASE_STEPS) / maxDepth);
    this.#stepsLeft = BASE_STEPS + STEPS_PER_CALL * calls.length;
    this.#framesLeft = BASE_FRAMES + FRAMES_PER_CALL * calls.length;
    this.#cursors = graph.functions.map((fn) => {
      if (fn.own.size === 0) return [];
      budget.charge(eventCount * CURSOR_BYTES);
      const own = [...fn.own.values()];
      return graph.events.map((_, event) => new Cursor(own, event));
    });
    this.#nextCalls = new Uint32Array(rootCosts.length);
    this.#nextCalls.forEach((_, i, next) => {
      next[i] = firstCall[Math.floor(i / eventCount)];
    });
    this.#totals = new Float64Array(eventCount);
    rootCosts.forEach((cost, i) => {
      this.#totals[i % eventCount] += Math.max(0, cost);
    });
  }

  run(): void {
    const { eventCount, rootCosts } = this.#flow;
    for (let fn = 0; fn < this.#cursors.length; fn++) {
      const costs = rootCosts.slice(fn * eventCount, (fn + 1) * eventCount);
      for (let event = 0; event < eventCount; event++) costs[event] = Math.max(0, costs[event]);
      if (costs.some((cost) => cost > 0)) this.#add({ node: NO_STACK, depth: 0, fn, costs });
    }
    for (let i = 0; i < this.#large.length && this.#mayContinue(); i++) {
      this.#split(this.#large[i]);
    }
    const waiting = this.#small;
    for (const context of waiting) {
      this.#small = [context];
      for (let last = this.#small.pop(); last; last = this.#small.pop()) {
        if (this.#mayContinue()) this.#follow(last);
      }
    }
    this.#graph.functions.forEach((fn, i) => {
      this.#cursors[i].forEach((cursor, event) => {
        cursor.rest((cost, value) => {
          const location = this.#locations.location(fn, cost);
          this.#sums.addOne(this.#sums.child(NO_STACK, location), event, int64(value));
        });
      });
    });
  }

  #mayContinue(): boolean {
    return this.#stepsLeft > 0 && this.#framesLeft > 0;
  }

  /** Keeps a stack to be split while that is permitted and its cost is large; or to be followed. */
  #add(context: Context): void {
    const isLarge =
      this.#splitsLeft > 0 &&
      context.costs.some(
        (cost, event) => cost > 0 && cost >= this.#totals[event] * MIN_SPLIT_SHARE,
      );
    if (isLarge) {
      this.#splitsLeft--;
      this.#budget.charge(CONTEXT_BYTES + context.costs.length * CONTEXT_EVENT_BYTES);
      this.#large.push(context);
    } else {
      this.#small.push(context);
    }
  }

  /** Divides the cost of a stack in proportion; the small parts go where {@link #follow} leads. */
  #split(context: Context): void {
    const { eventCount, firstCall, callCosts, remaining, ownCosts, missing } = this.#flow;
    const { fn, costs } = context;
    const base = fn * eventCount;
    this.#visitsLeft -= (firstCall[fn + 1] - firstCall[fn]) * eventCount;
    if (this.#visitsLeft > 0) {
      const whole = costs.slice();
      const all = remaining.slice(base, base + eventCount);
      const part = (event: number, of: number) =>
        all[event] > 0
          ? Math.min(of, costs[event], Math.round(whole[event] * (of / all[event])))
          : 0;
      for (let event = 0; event < eventCount; event++) {
        const lost = part(event, missing[base + event]);
        this.#take(context, event, lost, missing, base + event);
        this.#takeOwn(context, event, part(event, ownCosts[base + event]));
      }
      for (let call = firstCall[fn]; call < firstCall[fn + 1]; call++) {
        const parts = new Float64Array(eventCount);
        let isLarge = false;
        for (let event = 0; event < eventCount; event++) {
          parts[event] = part(event, callCosts[call * eventCount + event]);
          const least = this.#totals[event] * MIN_SPLIT_SHARE;
          if (parts[event] > 0 && parts[event] >= least) isLarge = true;
        }
        if (!isLarge) continue;
        for (let event = 0; event < eventCount; event++) {
          this.#take(context, event, parts[event], callCosts, call * eventCount + event);
        }
        this.#add(this.#called(context, call, parts));
      }
    }
    this.#follow(context);
  }

  /** Makes the cost of a stack own cost while some is left, then uses up one call after another. */
  #follow(context: Context): void {
    const { eventCount, firstCall, callCosts, ownCosts, missing } = this.#flow;
    const { fn, costs } = context;
    const called = new Map<number, Float64Array>();
    for (let event = 0; event < eventCount; event++) {
      const at = fn * eventCount + event;
      this.#takeOwn(context, event, Math.min(costs[event], ownCosts[at]));
      while (costs[event] > 0 && this.#nextCalls[at] < firstCall[fn + 1]) {
        const call = this.#nextCalls[at];
        const left = callCosts[call * eventCount + event];
        const part = Math.min(left, costs[event]);
        if (part === left) this.#nextCalls[at]++;
        if (part === 0) continue;
        this.#take(context, event, part, callCosts, call * eventCount + event);
        let parts = called.get(call);
        if (!parts) {
          parts = new Float64Array(eventCount);
          called.set(call, parts);
        }
        parts[event] = part;
      }
      this.#take(context, event, Math.min(costs[event], missing[at]), missing, at);
    }
    for (const [call, parts] of called) this.#add(this.#called(context, call, parts));
  }

  /** Subtracts a part from the cost of a stack, and from a cost that leaves its function. */
  #take({ fn, costs }: Context, event: number, part: number, from: Float64Array, at: number): void {
    costs[event] -= part;
    from[at] -= part;
    this.#flow.remaining[fn * this.#flow.eventCount + event] -= part;
  }

  #takeOwn(context: Context, event: number, part: number): void {
    if (part === 0) return;
    const { fn, node, depth } = context;
    this.#take(context, event, part, this.#flow.ownCosts, fn * this.#flow.eventCount + event);
    this.#cursors[fn][event].take(part, (cost, value) => {
      this.#framesLeft -= depth + 1;
      const location = this.#locations.location(this.#graph.functions[fn], cost);
      this.#sums.addOne(this.#sums.child(node, location), event, int64(value));
    });
  }

  /** Returns the stack of a callee with its costs. */
  #called({ node, depth, fn }: Context, call: number, costs: Float64Array): Context {
    const { calls, callee } = this.#flow;
    let location = this.#callLocations[call];
    if (location === undefined) {
      location = this.#locations.location(this.#graph.functions[fn], calls[call]);
      this.#callLocations[call] = location;
    }
    this.#stepsLeft--;
    const child = this.#sums.child(node, location);
    return { node: child, depth: depth + 1, fn: callee[call], costs };
  }
}

/**
 * Assigns a function's own cost of one event to stacks, line by line. Negative costs, which occur
 * in differences, are left for {@link rest}.
 */
class Cursor {
  readonly #own: readonly OwnCost[];
  readonly #event: number;
  /** The next entry, and how much of it is assigned. */
  #entry = 0;
  #given = 0n;
  readonly #negative: OwnCost[];

  constructor(own: readonly OwnCost[], event: number) {
    this.#own = own.filter(({ costs }) => costs[event] > 0);
    this.#negative = own.filter(({ costs }) => costs[event] < 0);
    this.#event = event;
  }

  /** Assigns `value`, or what is left if that is less. */
  take(value: number, give: (cost: OwnCost, value: bigint) => void): void {
    this.#give(BigInt(value), give);
  }

  rest(give: (cost: OwnCost, value: bigint) => void): void {
    this.#give(undefined, give);
    for (const cost of this.#negative) give(cost, BigInt(cost.costs[this.#event]));
  }

  /** Assigns `value`, or everything that remains, from the current entry on. */
  #give(value: bigint | undefined, give: (cost: OwnCost, value: bigint) => void): void {
    let wanted = value;
    while ((wanted === undefined || wanted > 0n) && this.#entry < this.#own.length) {
      const cost = this.#own[this.#entry];
      const left = BigInt(cost.costs[this.#event]) - this.#given;
      const part = wanted === undefined || left < wanted ? left : wanted;
      if (part > 0n) give(cost, part);
      if (wanted !== undefined) wanted -= part;
      this.#given += part;
      if (part === left) {
        this.#entry++;
        this.#given = 0n;
      }
    }
  }
}
