import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cumOf, flatOf, sumNodes } from "../../src/graph/node-values.js";
import { int64At } from "../../src/profile/columns.js";
import type { NodeIndex, NodeTable } from "../../src/view/node-table.js";
import { NO_ATTRIBUTES } from "../support/node-attributes.js";
import {
  addTo,
  byName,
  inputOf,
  nonZero,
  type PlainSample,
  plainSamples,
} from "./random-profile.js";

/** Flat is the value of the innermost function, cum that of every function on the stack, once. */
function reference(samples: readonly PlainSample[], column: 0 | 1) {
  const flat = new Map<string, bigint>();
  const cum = new Map<string, bigint>();
  for (const { stack, values } of samples) {
    const functions = stack.flat();
    const leaf = functions.at(-1);
    if (leaf !== undefined) addTo(flat, leaf, values[column]);
    for (const name of new Set(functions)) addTo(cum, name, values[column]);
  }
  return { flat: nonZero(flat), cum: nonZero(cum) };
}

describe("sumNodes", () => {
  it("sums the flat and cum of each node", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { view, nodes, value, names } = inputOf(samples);
        const { flat, cum, flatDivisor, cumDivisor } = sumNodes(view, nodes, value);
        const expected = reference(samples, 1);
        expect(byName(names, flat)).toEqual(expected.flat);
        expect(byName(names, cum)).toEqual(expected.cum);
        expect([flatDivisor, cumDivisor]).toEqual([undefined, undefined]);
      }),
      { numRuns: 500 },
    );
  });

  it("sums the divisors of means in the same way", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { view, nodes, value, names } = inputOf(samples, true);
        const values = sumNodes(view, nodes, value);
        const counts = reference(samples, 0);
        expect(values.flatDivisor && byName(names, values.flatDivisor)).toEqual(counts.flat);
        expect(values.cumDivisor && byName(names, values.cumDivisor)).toEqual(counts.cum);
        const sums = reference(samples, 1);
        names.forEach((name, node) => {
          const mean = (sum = 0n, count = 0n) =>
            count === 0n ? sum : BigInt.asIntN(64, sum / count);
          expect(BigInt(flatOf(values, node as NodeIndex))).toBe(
            mean(sums.flat[name], counts.flat[name]),
          );
          expect(BigInt(cumOf(values, node as NodeIndex))).toBe(
            mean(sums.cum[name], counts.cum[name]),
          );
        });
      }),
    );
  });

  it("adds each sample with frames to one flat value", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { view, nodes, value } = inputOf(samples);
        const { flat } = sumNodes(view, nodes, value);
        const all = Array.from({ length: nodes.length }, (_, node) => BigInt(int64At(flat, node)));
        const total = samples
          .filter(({ stack }) => stack.length > 0)
          .reduce((sum, { values }) => sum + values[1], 0n);
        expect(
          BigInt.asIntN(
            64,
            all.reduce((sum, entry) => sum + entry, 0n),
          ),
        ).toBe(BigInt.asIntN(64, total));
      }),
    );
  });

  it("ignores samples that the view does not select", () => {
    fc.assert(
      fc.property(
        plainSamples,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        (samples, kept) => {
          const { view, nodes, value, names } = inputOf(samples);
          const mask = Uint8Array.from(samples, (_, sample) => (kept[sample] ? 1 : 0));
          const { flat, cum } = sumNodes({ ...view, samples: mask }, nodes, value);
          const expected = reference(
            samples.filter((_, sample) => kept[sample]),
            1,
          );
          expect(byName(names, flat)).toEqual(expected.flat);
          expect(byName(names, cum)).toEqual(expected.cum);
        },
      ),
    );
  });

  it("adds the flat value to the innermost location that has nodes", () => {
    const { view, nodes, value, names } = inputOf([
      { stack: [["a"], ["b"], ["c"]], values: [1n, 7n] },
    ]);
    // The last location has no nodes, like a hidden one.
    expect(names).toEqual(["a", "b", "c"]);
    const locationOffsets = Uint32Array.of(0, 1, 2, 2);
    const bare: NodeTable = {
      length: nodes.length,
      locationOffsets,
      locationNodes: nodes.locationNodes,
      name: (node) => names[node],
      hasAddresses: false,
      address: () => 0n,
      compareOrigins: () => 0,
      ...NO_ATTRIBUTES,
    };
    const { flat, cum } = sumNodes(view, bare, value);
    expect(byName(names, flat)).toEqual({ b: 7n });
    expect(byName(names, cum)).toEqual({ a: 7n, b: 7n });
  });

  it("is exact if a sum needs more than 53 bits although no value does", () => {
    const { view, nodes, value, names } = inputOf(
      Array.from({ length: 5 }, () => ({
        stack: [["a"]],
        values: [1n, BigInt(Number.MAX_SAFE_INTEGER)] as const,
      })),
    );
    expect(byName(names, sumNodes(view, nodes, value).cum)).toEqual({
      a: 5n * BigInt(Number.MAX_SAFE_INTEGER),
    });
  });

  it("sums a stack of a hundred thousand frames", () => {
    const stack = Array.from({ length: 100_000 }, (_, i) => [i % 2 === 0 ? "a" : "b"]);
    const { view, nodes, value, names } = inputOf([{ stack, values: [1n, 3n] }]);
    const { flat, cum } = sumNodes(view, nodes, value);
    expect(byName(names, flat)).toEqual({ b: 3n });
    expect(byName(names, cum)).toEqual({ a: 3n, b: 3n });
  });
});
