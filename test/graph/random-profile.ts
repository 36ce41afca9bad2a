import * as fc from "fast-check";
import { type Int64Column, int64At } from "../../src/profile/columns.js";
import type { NodeTable } from "../../src/view/node-table.js";
import { buildNodes } from "../../src/view/nodes.js";
import { type SampleValue, selectSampleValue } from "../../src/view/sample-value.js";
import { type View, wholeProfile } from "../../src/view/view.js";
import { nodeIndices } from "../support/node-attributes.js";
import { profileOf } from "../support/text-profile.js";

/** A sample in a simple form. */
export interface PlainSample {
  /** The locations, root first, each with its functions, outermost first. */
  stack: readonly (readonly string[])[];
  /** The count, which divides means, and the value. */
  values: readonly [count: bigint, value: bigint];
}

export const FUNCTIONS = ["a", "b", "c", "d", "e"];

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Mostly small values, often 0 or negative, sometimes above 2^53 or at the limits of int64. */
const value = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: -20n, max: 100n }) },
  { weight: 1, arbitrary: fc.constant(0n) },
  { weight: 1, arbitrary: fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 2n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: MIN, max: MAX }) },
);

const location = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...FUNCTIONS).map((name) => [name]) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...FUNCTIONS), { minLength: 2, maxLength: 3 }) },
);

/**
 * Few functions and deep stacks, so that recursion occurs and functions are both inlined and
 * called.
 */
export const plainSamples: fc.Arbitrary<PlainSample[]> = fc.array(
  fc.record({
    stack: fc.array(location, { maxLength: 6 }),
    values: fc.tuple(value, value),
  }),
  { maxLength: 8 },
);

/** The input of the summing functions, for these samples. */
export interface Input {
  view: View;
  nodes: NodeTable;
  value: SampleValue;
  /** By node: its name. */
  names: string[];
}

export function inputOf(samples: readonly PlainSample[], mean = false): Input {
  const text = samples.map(({ stack, values }) => {
    const places = stack.map((functions) => functions.join(">"));
    return `${places.length === 0 ? "-" : places.join(";")} ${values.join(" ")}`;
  });
  const profile = profileOf(text.join("\n"), { types: ["n/count", "cpu/nanoseconds"] });
  const view = wholeProfile(profile);
  const nodes = buildNodes(view, {
    granularity: "functions",
    identity: "name",
    noInlines: false,
    showColumns: false,
    binaries: false,
    trimPath: "",
    sourcePath: "",
  });
  return {
    view,
    nodes,
    value: selectSampleValue(profile, "", mean),
    names: nodeIndices(nodes.length).map((node) => nodes.name(node)),
  };
}

/** Returns the entries of a column by the names of their nodes, without zeros. */
export function byName(names: readonly string[], column: Int64Column): Record<string, bigint> {
  const result: Record<string, bigint> = {};
  names.forEach((name, node) => {
    const entry = BigInt(int64At(column, node));
    if (entry !== 0n) result[name] = entry;
  });
  return result;
}

/** Adds to an entry with Go's int64 arithmetic. */
export function addTo(sums: Map<string, bigint>, name: string, amount: bigint): void {
  sums.set(name, BigInt.asIntN(64, (sums.get(name) ?? 0n) + amount));
}

/** Returns the entries other than 0. */
export function nonZero(sums: Map<string, bigint>): Record<string, bigint> {
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n));
}
