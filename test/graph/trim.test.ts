import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeValues } from "../../src/graph/node-values.js";
import { cutoff, type TrimOptions, trimNodes } from "../../src/graph/trim.js";
import { Int64Builder, indexColumn } from "../../src/profile/columns.js";
import { int64 } from "../../src/units/int64.js";
import type { NodeTable } from "../../src/view/node-table.js";
import { NO_ATTRIBUTES } from "../support/node-attributes.js";

interface PlainNode {
  name: string;
  address: bigint;
  /** The key of compareOrigins. */
  origin: number;
  flat: bigint;
  cum: bigint;
}

const EVERYTHING: TrimOptions = {
  sort: "flat",
  nodeCount: 0,
  nodeFraction: 0,
  edgeFraction: 0,
  dropNegative: false,
};

function tableOf(nodes: readonly PlainNode[]): NodeTable {
  return {
    length: nodes.length,
    locationOffsets: Uint32Array.from({ length: nodes.length + 1 }, (_, i) => i),
    locationNodes: indexColumn(Uint32Array.from({ length: nodes.length }, (_, i) => i)),
    name: (node) => nodes[node].name,
    hasAddresses: nodes.some(({ address }) => address !== 0n),
    address: (node) => nodes[node].address,
    compareOrigins: (a, b) => nodes[a].origin - nodes[b].origin,
    ...NO_ATTRIBUTES,
  };
}

function valuesOf(nodes: readonly PlainNode[]): NodeValues {
  const column = (values: readonly bigint[]) => {
    const builder = new Int64Builder();
    for (const value of values) builder.push(int64(value));
    return builder.finish();
  };
  return {
    flat: column(nodes.map(({ flat }) => flat)),
    cum: column(nodes.map(({ cum }) => cum)),
    flatDivisor: undefined,
    cumDivisor: undefined,
    inlinedBound: undefined,
  };
}

function trim(nodes: readonly PlainNode[], options: Partial<TrimOptions>) {
  const trimmed = trimNodes(tableOf(nodes), valuesOf(nodes), { ...EVERYTHING, ...options });
  return { ...trimmed, edgeCutoff: BigInt(trimmed.edgeCutoff) };
}

const hex = (address: bigint) => address.toString(16).padStart(16, "0");

/** Converts to int64 like Go: values out of range become the smallest int64. */
function toInt64(x: number): bigint {
  const whole = BigInt(Math.trunc(x));
  return BigInt.asIntN(64, whole) === whole ? whole : -(2n ** 63n);
}

/** Go's abs64; the smallest int64 is its own absolute value. */
const magnitude = (x: bigint) => BigInt.asIntN(64, x < 0n ? -x : x);

/** pprof's newTrimmedGraph, step by step. Where it does not define an order, ours is used. */
function reference(nodes: readonly PlainNode[], options: TrimOptions) {
  const rows = nodes.map((node, row) => ({ ...node, row }));
  const present = rows.filter(({ flat, cum }) => {
    if (flat === 0n && cum === 0n) return false;
    const isNegative = flat < 0n || (flat === 0n && cum < 0n);
    return !(options.dropNegative && isNegative);
  });
  const sum = BigInt.asIntN(
    64,
    present.reduce((all, { flat }) => all + flat, 0n),
  );
  const limit = magnitude(toInt64(Number(sum) * options.nodeFraction));
  const kept = limit > 0n ? present.filter(({ cum }) => magnitude(cum) >= limit) : present;
  const key = options.sort === "flat" ? "flat" : "cum";
  const other = options.sort === "flat" ? "cum" : "flat";
  const sorted = kept.toSorted((a, b) => {
    const bySize = (column: "flat" | "cum") =>
      Number(magnitude(b[column]) > magnitude(a[column])) -
      Number(magnitude(b[column]) < magnitude(a[column]));
    if (bySize(key) !== 0) return bySize(key);
    if (a.address !== b.address && a.address !== 0n && b.address !== 0n) {
      return a.address < b.address ? -1 : 1;
    }
    return (
      Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) ||
      bySize(other) ||
      a.origin - b.origin ||
      a.row - b.row
    );
  });
  const shown = sorted.slice(0, options.nodeCount || sorted.length);
  return {
    shown: shown.map(({ row }) => row),
    candidates: kept.length,
    dropped: present.length - kept.length,
    edgeCutoff: magnitude(toInt64(Number(sum) * options.edgeFraction)),
    // pprof builds the graph again from the kept nodes, but only if it drops some.
    edgesGoAround: shown.length !== present.length,
  };
}

const value = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: -10n, max: 10n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 5000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { weight: 1, arbitrary: fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n, 0n) },
);
/** As in a report, the name of a node begins with its address if it has one. */
const nodeLists = fc.array(
  fc
    .record({
      name: fc.constantFrom("a", "b", "B", "é", "\u{1f600}", "\uffee", "aa", ""),
      address: fc.constantFrom(0n, 0n, 0n, 1n, 2n, 2n ** 63n, 2n ** 64n - 1n),
      origin: fc.integer({ min: 0, max: 2 }),
      flat: value,
      cum: value,
    })
    .map((node) => ({
      ...node,
      name: (node.address === 0n ? "" : `${hex(node.address)} `) + node.name,
    })),
  { maxLength: 12 },
);
const fraction = fc.oneof(
  fc.constantFrom(0, 0.005, 0.001, 0.5, 1),
  fc.double({ min: 0, max: 1.5, noNaN: true }),
);

describe("trimNodes", () => {
  it("follows pprof's steps", () => {
    const options = fc.record({
      sort: fc.constantFrom("flat" as const, "cum" as const),
      nodeCount: fc.integer({ min: 0, max: 14 }),
      nodeFraction: fraction,
      edgeFraction: fraction,
      dropNegative: fc.boolean(),
    });
    fc.assert(
      fc.property(nodeLists, options, (nodes, chosen) => {
        expect(trim(nodes, chosen)).toEqual(reference(nodes, chosen));
      }),
      { numRuns: 2000 },
    );
  });

  const node = (name: string, flat: number, cum = flat): PlainNode => ({
    name,
    address: 0n,
    origin: 0,
    flat: BigInt(flat),
    cum: BigInt(cum),
  });
  const shownNames = (nodes: readonly PlainNode[], options: Partial<TrimOptions>) =>
    trim(nodes, options)
      .shown.map((row) => nodes[row].name)
      .join(" ");

  it("omits nodes without values", () => {
    const nodes = [node("none", 0), node("flat", 1, 0), node("cum", 0, 1)];
    expect(shownNames(nodes, {})).toBe("flat cum");
    expect(trim(nodes, {}).dropped).toBe(0);
  });

  it("sorts by absolute value, and then by name", () => {
    const nodes = [node("b", 5), node("a", -5), node("c", 1, 100), node("B", 5), node("d", -7)];
    expect(shownNames(nodes, {})).toBe("d B a b c");
    expect(shownNames(nodes, { sort: "cum" })).toBe("c d B a b");
  });

  it("ignores cum for nodes with equal flat and different names", () => {
    expect(shownNames([node("b", 5, 100), node("a", 5, 5)], {})).toBe("a b");
  });

  it("drops nodes with a cum below the cutoff, but not at it", () => {
    const nodes = [node("main", 0, 1000), node("at", 10), node("below", 9), node("rest", 981)];
    const { dropped, candidates } = trim(nodes, { nodeFraction: 0.01 });
    expect(shownNames(nodes, { nodeFraction: 0.01 })).toBe("rest at main");
    expect({ dropped, candidates }).toEqual({ dropped: 1, candidates: 3 });
  });

  it("computes the cutoff from the absolute value of the remaining sum", () => {
    // 100 - 90 is 10, and half of that is 5.
    const diff = [node("more", 100), node("less", -90), node("six", 0, 6), node("four", 0, -4)];
    expect(shownNames(diff, { nodeFraction: 0.5 })).toBe("more less six");
    // -90 + 10 is -80, and the cutoff is 40.
    const negative = [node("less", -90), node("more", 10)];
    expect(shownNames(negative, { nodeFraction: 0.5 })).toBe("less");
    // Without the negative nodes, the sum is 100 and the cutoff 50.
    expect(shownNames(diff, { nodeFraction: 0.5, dropNegative: true })).toBe("more");
  });

  it("drops negative nodes by flat, or by cum if flat is 0", () => {
    const nodes = [node("a", -1, 5), node("b", 1, -5), node("c", 0, -5), node("d", 0, 5)];
    expect(shownNames(nodes, { dropNegative: true })).toBe("b d");
    expect(trim(nodes, { dropNegative: true }).dropped).toBe(0);
  });

  it("shows the first nodes, and counts all", () => {
    const nodes = [node("a", 1), node("b", 3), node("c", 2)];
    expect(shownNames(nodes, { nodeCount: 2 })).toBe("b c");
    expect(trim(nodes, { nodeCount: 2 }).candidates).toBe(3);
    expect(shownNames(nodes, { nodeCount: 9 })).toBe("b c a");
  });

  it("computes the cutoff of edges from the same sum", () => {
    expect(trim([node("a", 2999)], { edgeFraction: 0.001 }).edgeCutoff).toBe(2n);
  });
});

describe("cutoff", () => {
  it("rounds towards zero and is not negative", () => {
    expect(cutoff(2999, 0.001)).toBe(2);
    expect(cutoff(-2999, 0.001)).toBe(2);
    expect(cutoff(99, 0.01)).toBe(0);
  });

  it("is exact while a double is, and wraps around otherwise", () => {
    expect(cutoff(2n ** 62n, 1)).toBe(2n ** 62n);
    expect(cutoff(2n ** 62n, 4)).toBe(-(2n ** 63n));
  });
});
