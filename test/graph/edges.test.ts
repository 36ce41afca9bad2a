import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EdgeTable } from "../../src/graph/edge-builder.js";
import { buildEdges } from "../../src/graph/edges.js";
import { sumNodes } from "../../src/graph/node-values.js";
import { int64At } from "../../src/profile/columns.js";
import {
  byName,
  FUNCTIONS,
  type Input,
  inputOf,
  type PlainSample,
  plainSamples,
} from "./random-profile.js";

interface PlainEdge {
  weight: bigint;
  inline: boolean;
}

/**
 * Considers only the shown functions of each stack, and makes an edge from each to the next if they
 * differ. A sample counts once for an edge. The call was inlined if the callee is not the outermost
 * function of its location.
 */
function reference(
  samples: readonly PlainSample[],
  mean: boolean,
  isShown: (name: string) => boolean,
  isCallee: (name: string) => boolean,
  isOutgoing: (name: string) => boolean = () => false,
): Record<string, PlainEdge> {
  const edges = new Map<string, PlainEdge>();
  for (const { stack, values } of samples) {
    const [count, weight] = values;
    if (weight === 0n && (!mean || count === 0n)) continue;
    const frames = stack
      .flatMap((functions) => functions.map((name, depth) => ({ name, inlined: depth > 0 })))
      .filter(({ name }) => isShown(name));
    const seen = new Set<string>();
    frames.forEach((callee, i) => {
      const caller = frames[i - 1];
      if (!caller || caller.name === callee.name) return;
      if (!isCallee(callee.name) && !isOutgoing(caller.name)) return;
      const key = `${caller.name} -> ${callee.name}`;
      if (seen.has(key)) return;
      seen.add(key);
      const edge = edges.get(key) ?? { weight: 0n, inline: true };
      edge.weight = BigInt.asIntN(64, edge.weight + weight);
      edge.inline &&= callee.inlined;
      edges.set(key, edge);
    });
  }
  return Object.fromEntries(edges);
}

function edgesOf(
  { view, nodes, value, names }: Input,
  isShown: (name: string) => boolean = () => true,
  isCallee: (name: string) => boolean = isShown,
  isOutgoing?: (name: string) => boolean,
): { table: EdgeTable; edges: Record<string, PlainEdge> } {
  const mask = (test: (name: string) => boolean) =>
    Uint8Array.from(names, (name) => (test(name) ? 1 : 0));
  const table = buildEdges(view, nodes, value, {
    callers: mask(isShown),
    callees: mask(isCallee),
    ...(isOutgoing && { outgoing: mask(isOutgoing) }),
  });
  const edges = Object.fromEntries(
    Array.from({ length: table.length }, (_, edge) => [
      `${names[table.caller[edge]]} -> ${names[table.callee[edge]]}`,
      { weight: BigInt(int64At(table.weight, edge)), inline: table.inline[edge] === 1 },
    ]),
  );
  return { table, edges };
}

const someFunctions = fc.subarray(FUNCTIONS).map((list) => (name: string) => list.includes(name));

describe("buildEdges", () => {
  it("finds the calls between all functions", () => {
    fc.assert(
      fc.property(plainSamples, fc.boolean(), (samples, mean) => {
        const all = () => true;
        const { table, edges } = edgesOf(inputOf(samples, mean));
        expect(edges).toEqual(reference(samples, mean, all, all));
        // No edge occurs twice.
        expect(table.length).toBe(Object.keys(edges).length);
      }),
      { numRuns: 500 },
    );
  });

  it("finds no inlined edge above the bound that the sums of nodes give", () => {
    fc.assert(
      fc.property(plainSamples, someFunctions, (samples, isShown) => {
        const input = inputOf(samples, false);
        const { inlinedBound } = sumNodes(input.view, input.nodes, input.value);
        // There is no bound if values need more than 53 bits.
        const bounds = inlinedBound ?? new Float64Array(input.nodes.length).fill(2 ** 64);
        const { table } = edgesOf(input, isShown);
        for (let edge = 0; edge < table.length; edge++) {
          if (!table.inline[edge]) continue;
          const weight = Math.abs(Number(int64At(table.weight, edge)));
          expect(weight).toBeLessThanOrEqual(bounds[table.callee[edge]]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("connects shown functions around hidden ones", () => {
    fc.assert(
      fc.property(plainSamples, fc.boolean(), someFunctions, (samples, mean, isShown) => {
        const { edges } = edgesOf(inputOf(samples, mean), isShown);
        expect(edges).toEqual(reference(samples, mean, isShown, isShown));
      }),
      { numRuns: 500 },
    );
  });

  it("finds only the calls of wanted callees", () => {
    fc.assert(
      fc.property(plainSamples, someFunctions, someFunctions, (samples, isShown, isCallee) => {
        const { edges } = edgesOf(inputOf(samples), isShown, isCallee);
        expect(edges).toEqual(
          reference(samples, false, isShown, (name) => isShown(name) && isCallee(name)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("finds the calls from functions if they are wanted", () => {
    fc.assert(
      fc.property(plainSamples, someFunctions, someFunctions, (samples, isCallee, isOutgoing) => {
        const all = () => true;
        const { edges } = edgesOf(inputOf(samples), all, isCallee, isOutgoing);
        expect(edges).toEqual(reference(samples, false, all, isCallee, isOutgoing));
      }),
      { numRuns: 500 },
    );
  });

  it("brings no more into a function than its cum if no value is negative", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const input = inputOf(
          samples.map(({ stack, values: [count, value] }) => ({
            stack,
            values: [count, BigInt.asUintN(40, value)],
          })),
        );
        const { cum } = sumNodes(input.view, input.nodes, input.value);
        const cums = byName(input.names, cum);
        for (const [edge, { weight }] of Object.entries(edgesOf(input).edges)) {
          const [caller, callee] = edge.split(" -> ");
          expect(weight <= cums[caller] && weight <= cums[callee]).toBe(true);
        }
      }),
    );
  });

  const one = (...stack: string[][]): PlainSample[] => [{ stack, values: [1n, 10n] }];

  it("counts a sample once for an edge that its stack contains twice", () => {
    expect(edgesOf(inputOf(one(["a"], ["b"], ["a"], ["b"]))).edges).toEqual({
      "a -> b": { weight: 10n, inline: false },
      "b -> a": { weight: 10n, inline: false },
    });
  });

  it("has no edge from a function to itself, even around a hidden one", () => {
    expect(edgesOf(inputOf(one(["a"], ["a"]))).edges).toEqual({});
    expect(edgesOf(inputOf(one(["a"], ["b"], ["a"])), (name) => name === "a").edges).toEqual({});
  });

  it("marks edges whose calls were all inlined", () => {
    const inlined: PlainSample[] = one(["a", "b"]);
    const called: PlainSample[] = one(["a"], ["b"]);
    expect(edgesOf(inputOf([...inlined, ...inlined])).edges["a -> b"].inline).toBe(true);
    expect(edgesOf(inputOf([...inlined, ...called])).edges["a -> b"].inline).toBe(false);
    expect(edgesOf(inputOf([...called, ...inlined])).edges["a -> b"].inline).toBe(false);
  });

  it("uses the outermost of several calls in one stack, as pprof does", () => {
    expect(edgesOf(inputOf(one(["a", "b"], ["a"], ["b"]))).edges["a -> b"].inline).toBe(true);
    expect(edgesOf(inputOf(one(["a"], ["b"], ["a", "b"]))).edges["a -> b"].inline).toBe(false);
  });

  it("treats a function as inlined if its caller in the location is hidden", () => {
    expect(edgesOf(inputOf(one(["a"], ["b", "c"])), (name) => name !== "b").edges).toEqual({
      "a -> c": { weight: 10n, inline: true },
    });
  });

  it("ignores samples that the view does not select", () => {
    const input = inputOf([...one(["a"], ["b"]), ...one(["c"], ["d"])]);
    const view = { ...input.view, samples: Uint8Array.of(0, 1) };
    expect(Object.keys(edgesOf({ ...input, view }).edges)).toEqual(["c -> d"]);
  });

  it("respects stacks that the view has cut", () => {
    const input = inputOf(one(["a"], ["b"], ["c"], ["d"]));
    const view = { ...input.view, stackStart: Uint32Array.of(1), stackEnd: Uint32Array.of(3) };
    expect(Object.keys(edgesOf({ ...input, view }).edges)).toEqual(["b -> c"]);
  });

  it("keeps ten thousand edges apart", () => {
    const count = 10_000;
    const samples = Array.from({ length: count }, (_, i) => ({
      stack: [[`f${i % 100}`], [`g${i}`]],
      values: [1n, BigInt(i + 1)] as const,
    }));
    const { table, edges } = edgesOf(inputOf(samples));
    expect(table.length).toBe(count);
    expect(edges["f42 -> g142"]).toEqual({ weight: 143n, inline: false });
    expect(edges["f99 -> g9999"]).toEqual({ weight: 10000n, inline: false });
  });
});
