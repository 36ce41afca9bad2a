import { type Budget, MAP_ENTRY_BYTES } from "../profile/budget.js";
import type { FunctionIndex, LocationIndex, MappingIndex } from "../profile/indices.js";
import { NO_MAPPING } from "../profile/indices.js";
import { MappingFlags } from "../profile/profile.js";
import type { ProfileBuilder, Uint64 } from "../profile/profile-builder.js";
import type { Int64 } from "../units/int64.js";
import { int64 } from "../units/int64.js";
import type { CallCost, CostFunction, CostGraph, Name, OwnCost } from "./callgrind-reader.js";
import { mangledName } from "./mangled-name.js";
import { NO_STACK, type StackSums } from "./stack-sums.js";

/** The maximum number of stacks, in total and of the same depth. */
const MAX_STACKS = 100_000;
const MAX_STACKS_PER_DEPTH = 10_000;
const MAX_DEPTH = 400;
/**
 * The maximum number of call costs visited, counted per event. Costs of a function are visited once
 * per stack that leads to it.
 */
const MAX_COST_VISITS = 2 ** 24;

/** The memory for the sums of a function, and for each of its events, in bytes. */
const TOTALS_BYTES = 800;
const EVENT_TOTALS_BYTES = 48;
/** The memory for a cursor over a function's own costs, in bytes. */
const CURSOR_BYTES = 200;
/** The memory of a call, without its costs and for each event's cost, in bytes. */
const CALL_BYTES = 160;
const CALL_EVENT_BYTES = 8;

/** A stack with a smaller cost in every event becomes a stack of one frame. */
const MIN_STACK_COST = 0.5;

interface Totals {
  readonly own: readonly OwnCost[];
  readonly calls: readonly Call[];
  /** By event: the larger of its own cost plus its calls, and the cost of calls to it. */
  readonly total: Float64Array;
  /** By event: the cost of calls to it from other functions. */
  readonly called: Float64Array;
  /** By event: the part of its own costs that has not been assigned to stacks. */
  readonly cursors: Cursor[];
}

/** A call from a function. Many stacks may contain it. */
interface Call {
  readonly callee: CostFunction;
  readonly cost: CallCost;
  readonly costs: Float64Array;
  /** The location of the call, once a stack contains it. */
  location?: LocationIndex;
}

/** A stack. By event: the share of its leaf's calls that have this stack. */
interface Context {
  readonly node: number;
  readonly fn: CostFunction;
  readonly shares: Float64Array;
  /** The largest share of the total cost of an event. */
  readonly weight: number;
}

/**
 * Reconstructs stacks from calls. Callgrind does not record which part of a function's cost belongs
 * to which of its callers' callers, so the same proportions are assumed for all, as in gprof: if a
 * caller accounts for three quarters of a function's cost, it also accounts for three quarters of
 * the cost of its callees.
 *
 * Own costs are exact by function and line, and so is the total. Inclusive costs are exact except
 * for rounding if there is no recursion. Small shares, and costs deep in recursions, become stacks
 * of one frame, and are missing in their callers. The memory used is charged to `budget`.
 */
export function addCallStacks(
  graph: CostGraph,
  builder: ProfileBuilder,
  sums: StackSums,
  budget: Budget,
): void {
  const eventCount = graph.events.length;
  const totals = totalsOf(graph, eventCount, budget);
  const locations = new Locations(builder, budget);
  const give = (node: number, fn: CostFunction, cost: OwnCost, event: number, value: bigint) => {
    sums.addOne(sums.child(node, locations.location(fn, cost)), event, int64(value));
  };
  let level = outermost(totals);
  let left = MAX_STACKS;
  let costsLeft = MAX_COST_VISITS;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0 && left > 0; depth++) {
    level.sort((a, b) => b.weight - a.weight);
    level.length = Math.min(level.length, MAX_STACKS_PER_DEPTH, left);
    left -= level.length;
    const next: Context[] = [];
    /** The weight of the lightest stack of the next level, once the level is full. */
    let lightest = 0;
    for (const context of level) {
      const { node, fn, shares } = context;
      const { cursors, calls } = totalOf(totals, fn);
      cursors.forEach((cursor, event) => {
        cursor.take(shares[event], (cost, value) => give(node, fn, cost, event, value));
      });
      costsLeft -= calls.length * eventCount;
      if (costsLeft < 0) continue;
      for (const call of calls) {
        const weight = weightOf(context, call);
        if (weight < MIN_STACK_COST || weight <= lightest) continue;
        call.location ??= locations.location(fn, call.cost);
        const child = sums.child(node, call.location);
        next.push(callContext(context, call, totalOf(totals, call.callee), child, weight));
        if (next.length > 4 * MAX_STACKS_PER_DEPTH) {
          next.sort((a, b) => b.weight - a.weight);
          next.length = MAX_STACKS_PER_DEPTH;
          lightest = next[MAX_STACKS_PER_DEPTH - 1].weight;
        }
      }
    }
    level = next;
  }
  for (const [fn, { cursors }] of totals) {
    cursors.forEach((cursor, event) => {
      cursor.rest((cost, value) => give(NO_STACK, fn, cost, event, value));
    });
  }
}

function totalOf(totals: ReadonlyMap<CostFunction, Totals>, fn: CostFunction): Totals {
  const found = totals.get(fn);
  if (!found) throw new Error("a function without totals");
  return found;
}

function totalsOf(graph: CostGraph, eventCount: number, budget: Budget): Map<CostFunction, Totals> {
  for (const fn of graph.functions) {
    const cursorBytes = fn.own.size > 0 ? CURSOR_BYTES : 0;
    budget.charge(TOTALS_BYTES + eventCount * (EVENT_TOTALS_BYTES + cursorBytes));
    budget.charge(fn.calls.size * (CALL_BYTES + eventCount * CALL_EVENT_BYTES));
  }
  const taken = new Map<CostFunction, Float64Array>();
  const called = new Map<CostFunction, Float64Array>();
  for (const fn of graph.functions) {
    taken.set(fn, new Float64Array(eventCount));
    called.set(fn, new Float64Array(eventCount));
  }
  const addTo = (sums: Float64Array | undefined, costs: readonly Int64[]) => {
    costs.forEach((cost, event) => {
      if (sums) sums[event] += Math.max(0, Number(cost));
    });
  };
  for (const fn of graph.functions) {
    for (const { costs } of fn.own.values()) addTo(taken.get(fn), costs);
    for (const { callee, costs } of fn.calls.values()) {
      // The calls of a function to itself are already part of its cost.
      if (callee === fn) continue;
      addTo(taken.get(fn), costs);
      addTo(called.get(callee), costs);
    }
  }
  return new Map(
    graph.functions.map((fn) => {
      const own = [...fn.own.values()];
      const calls = [...fn.calls.values()]
        .filter(({ callee }) => callee !== fn)
        .map((cost): Call => {
          const costs = Float64Array.from(cost.costs, (value) => Math.max(0, Number(value)));
          return { callee: cost.callee, cost, costs };
        });
      const inward = called.get(fn) ?? new Float64Array(eventCount);
      const total = (taken.get(fn) ?? inward).map((cost, event) => Math.max(cost, inward[event]));
      const cursors = own.length > 0 ? graph.events.map((_, event) => new Cursor(own, event)) : [];
      return [fn, { own, calls, total, called: inward, cursors }];
    }),
  );
}

/** Returns the functions at the root: their cost exceeds the cost of the calls to them. */
function outermost(totals: ReadonlyMap<CostFunction, Totals>): Context[] {
  const contexts: Context[] = [];
  for (const [fn, { total, called }] of totals) {
    const costs = total.map((cost, event) => cost - called[event]);
    const weight = costs.reduce((most, cost) => Math.max(most, cost), 0);
    if (weight < MIN_STACK_COST) continue;
    const shares = costs.map((cost, event) => (total[event] > 0 ? cost / total[event] : 0));
    contexts.push({ node: NO_STACK, fn, shares, weight });
  }
  return contexts;
}

/** Returns the largest share of the cost of a call in a stack, over all events. */
function weightOf({ shares }: Context, { costs }: Call): number {
  let most = 0;
  for (let event = 0; event < shares.length; event++) {
    const weight = shares[event] * costs[event];
    if (weight > most) most = weight;
  }
  return most;
}

/** Returns the stack `node`, which is the stack of a caller plus a call. */
function callContext(
  caller: Context,
  { callee, costs }: Call,
  { total }: Totals,
  node: number,
  weight: number,
): Context {
  const shares = caller.shares.slice();
  for (let event = 0; event < shares.length; event++) {
    const cost = shares[event] * costs[event];
    shares[event] = total[event] > 0 ? cost / total[event] : 0;
  }
  return { node, fn: callee, shares, weight };
}

/**
 * Assigns a function's own cost of one event to stacks, line by line. Negative costs, which occur
 * in differences, are left for {@link rest}.
 */
class Cursor {
  readonly #own: readonly OwnCost[];
  readonly #event: number;
  readonly #sum: number;
  /** The next entry, and how much of it is assigned. */
  #entry = 0;
  #given = 0n;
  /** The sum of the shares so far, and the whole number assigned for them. */
  #share = 0;
  #whole = 0n;
  readonly #negative: OwnCost[];

  constructor(own: readonly OwnCost[], event: number) {
    this.#own = own.filter(({ costs }) => costs[event] > 0);
    this.#negative = own.filter(({ costs }) => costs[event] < 0);
    this.#event = event;
    this.#sum = this.#own.reduce((sum, { costs }) => sum + Number(costs[event]), 0);
  }

  /** Assigns a share of the total as a whole number; rounding errors do not accumulate. */
  take(share: number, give: (cost: OwnCost, value: bigint) => void): void {
    if (share === 0 || this.#sum === 0) return;
    this.#share += share;
    const upTo = BigInt(Math.round(this.#sum * Math.min(1, this.#share)));
    this.#give(upTo - this.#whole, give);
    this.#whole = upTo;
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

/** The locations of calls and costs, without duplicates. */
class Locations {
  readonly #builder: ProfileBuilder;
  readonly #budget: Budget;
  readonly #locations = new Map<string, LocationIndex>();
  readonly #functions = new Map<string, FunctionIndex>();
  readonly #mappings = new Map<Name, MappingIndex>();

  constructor(builder: ProfileBuilder, budget: Budget) {
    this.#builder = builder;
    this.#budget = budget;
  }

  /** Returns the location of a line. Inlined code has another file than its function. */
  location(
    fn: CostFunction,
    at: { readonly file: Name; readonly line: Int64; readonly address: Uint64 },
  ): LocationIndex {
    const fnKey = `${fn.id}:${at.file.id}`;
    const key = `${at.address}:${at.line}:${fnKey}`;
    let location = this.#locations.get(key);
    if (location === undefined) {
      this.#budget.charge(2 * MAP_ENTRY_BYTES);
      location = this.#builder.addLocation({
        address: at.address,
        mapping: this.#mapping(fn.binary),
        lines: [{ function: this.#function(fnKey, fn, at.file), line: at.line }],
      });
      this.#locations.set(key, location);
    }
    return location;
  }

  #function(key: string, { name, binary }: CostFunction, file: Name): FunctionIndex {
    let fn = this.#functions.get(key);
    if (fn === undefined) {
      this.#budget.charge(2 * MAP_ENTRY_BYTES);
      fn = this.#builder.addFunction({
        name: name.text,
        // Valgrind writes mangled names only on request. Scripts have no binary.
        systemName: isUnknown(binary) ? "" : mangledName(name.text, binary.text),
        filename: isUnknown(file) ? "" : file.text,
      });
      this.#functions.set(key, fn);
    }
    return fn;
  }

  #mapping(binary: Name): MappingIndex {
    if (isUnknown(binary)) return NO_MAPPING;
    let mapping = this.#mappings.get(binary);
    if (mapping === undefined) {
      const flags = MappingFlags.functions | MappingFlags.filenames | MappingFlags.lineNumbers;
      mapping = this.#builder.addMapping({ start: 0, limit: 0, file: binary.text, flags });
      this.#mappings.set(binary, mapping);
    }
    return mapping;
  }
}

/** Tests for the name of an unknown file or binary. */
function isUnknown({ text }: Name): boolean {
  return text === "" || text === "???";
}
