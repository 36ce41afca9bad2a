import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { dominatorTree } from "../../../src/formats/heap-snapshot/dominators.js";
import { readProfile } from "../../../src/formats/read.js";
import { gunzip } from "../../../src/platform/files/gunzip.js";
import { Budget } from "../../../src/profile/budget.js";
import type { Profile } from "../../../src/profile/profile.js";
import { type ParsedSnapshot, snapshotOf } from "../../support/heap-snapshots.js";
import { ROOT } from "../../support/proto.js";
import {
  classSizes,
  immediateDominators,
  nodesOf,
  retainedTargets,
} from "../../support/retained-sizes.js";
import { flatAndCum } from "../../support/stacks.js";

const LIMIT = 1 << 30;

/** Returns immediate dominators by their definition: nodes without which a node is unreachable. */
function dominatorsByDefinition(targets: readonly (readonly number[])[]): number[] {
  const reached = (without: number) => {
    const found = new Set<number>();
    const open = without === 0 ? [] : [0];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node === without || found.has(node)) continue;
      found.add(node);
      open.push(...targets[node]);
    }
    return found;
  };
  const all = reached(-1);
  const dominated = targets.map((_, node) => {
    const left = reached(node);
    return new Set([...all].filter((other) => other !== node && !left.has(other)));
  });
  return targets.map((_, node) => {
    const dominators = dominated.flatMap((set, other) => (set.has(node) ? [other] : []));
    // The nearest dominator is dominated by all others.
    return dominators.find((d) => dominators.every((o) => o === d || dominated[o].has(d))) ?? -1;
  });
}

/** Returns immediate dominators of the reader's algorithm; -1 for nodes that are left out. */
function dominatorsOfReader(
  targets: readonly (readonly number[])[],
  withUnreachable = false,
): number[] {
  const first = [0];
  for (const list of targets) first.push(first[first.length - 1] + list.length);
  const { order, dominator, reachable } = dominatorTree(
    { first: Uint32Array.from(first), to: Uint32Array.from(targets.flat()) },
    0,
    new Budget(),
  );
  const found = targets.map(() => -1);
  for (let at = 2; at <= (withUnreachable ? targets.length : reachable); at++)
    found[order[at]] = order[dominator[at]];
  return found;
}

const graph = fc
  .integer({ min: 1, max: 24 })
  .chain((count) =>
    fc.array(fc.array(fc.nat(count - 1), { maxLength: 3 }), { minLength: count, maxLength: count }),
  );

/** Expects the values of each class to be those of an independent computation. */
function expectSizes(profile: Profile, snapshot: ParsedSnapshot): void {
  const expected = [...classSizes(snapshot)].map(([name, { count, shallow, retained }]) => [
    name || "(anonymous)",
    { count, shallow, retained },
  ]);
  const counts = flatAndCum(profile, 0);
  const bytes = flatAndCum(profile, 1);
  const found = Object.keys(bytes)
    .filter((name) => name !== "(unreachable)")
    .map((name) => [
      name,
      { count: counts[name]?.[0] ?? 0, shallow: bytes[name][0], retained: bytes[name][1] },
    ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
}

describe("the dominators of random graphs", () => {
  it("are those by definition if the node is reachable", () => {
    fc.assert(
      fc.property(graph, (targets) => {
        const reachable = immediateDominators(targets);
        // Unreachable nodes count as reached from the root, so leave out their edges.
        const isReachable = (node: number) => node === 0 || reachable[node] >= 0;
        const trimmed = targets.map((list, node) => (isReachable(node) ? list : []));
        const expected = dominatorsByDefinition(trimmed);
        expect(reachable).toEqual(expected);
        expect(dominatorsOfReader(trimmed)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("treat unreachable nodes as retained by the root", () => {
    fc.assert(
      fc.property(graph, (given) => {
        const targets = given.map((list, node) => list.filter((to) => to !== node));
        const found = dominatorsOfReader(targets, true);
        const linked = targets.map((list) => [...list]);
        const link = (isStart: (node: number) => boolean) => {
          for (let node = 1; node < targets.length; node++) {
            if (immediateDominators(linked)[node] < 0 && isStart(node)) linked[0].push(node);
          }
        };
        link((node) => !targets.some((list) => list.includes(node)));
        link(() => true);
        expect(found).toEqual(dominatorsByDefinition(linked));
      }),
      { numRuns: 500 },
    );
  });

  it("give the sizes of classes", async () => {
    const type = fc.constantFrom("object", "array", "string", "native", "hidden");
    const edgeType = fc.constantFrom(
      "property",
      "element",
      "hidden",
      "weak",
      "shortcut",
      "context",
    );
    const node = (count: number) =>
      fc.record({
        type,
        name: fc.constantFrom("A", "B", "C", "D"),
        size: fc.nat(3),
        edges: fc.array(fc.tuple(edgeType, fc.constant("A"), fc.nat(count - 1)), { maxLength: 4 }),
      });
    const nodes = fc
      .integer({ min: 1, max: 40 })
      .chain((count) => fc.array(node(count), { minLength: count, maxLength: count }));
    await fc.assert(
      fc.asyncProperty(nodes, async ([root, ...others]) => {
        // All nodes are reachable, so that the sizes are defined.
        const all = others.map((_, i) => ["element", "A", i + 1] as const);
        const top = { ...root, edges: [...root.edges, ...all.filter((_, i) => i % 4 === 0)] };
        const snapshot = snapshotOf([{ ...top, size: 0, type: "synthetic", name: "" }, ...others]);
        const found = immediateDominators(retainedTargets(nodesOf(snapshot)));
        const orphans = found.flatMap((d, i) => (i > 0 && d < 0 ? [i] : []));
        const complete = snapshotOf([
          {
            ...{ type: "synthetic", name: "", size: 0 },
            edges: [...top.edges, ...orphans.map((i) => ["element", "A", i] as const)],
          },
          ...others,
        ]);
        const bytes = Buffer.from(JSON.stringify(complete));
        expectSizes(await readProfile(bytes, gunzip, LIMIT), complete);
      }),
      { numRuns: 500 },
    );
  });
});

/** A program with objects of known number and size. */
const PROGRAM = `
class Holder { constructor() { this.items = []; } }
class Item { constructor(data) { this.data = data; } }
class Link { constructor(next) { this.next = next; } }
class Alone { constructor(item) { this.item = item; } }
const holder = new Holder();
for (let i = 0; i < 500; i++) holder.items.push(new Item(new Float64Array(1000)));
globalThis.holder = holder;
globalThis.alone = new Alone(holder.items[0]);
let list = null;
for (let i = 0; i < 2000; i++) list = new Link(list);
globalThis.list = list;
globalThis.handlers = [1, 2, 3].map((n) => function onEvent() { return n; });
const map = new WeakMap();
globalThis.kept = { map, keys: [{}, {}] };
for (const key of kept.keys) map.set(key, new Item("weakly held" + key));
require("node:v8").writeHeapSnapshot(process.argv[1]);
`;

/** A program that records the stacks of allocations. */
const TRACKING_PROGRAM = `
const fs = require("node:fs");
const inspector = require("node:inspector");
const session = new inspector.Session();
session.connect();
session.post("HeapProfiler.enable");
session.post("HeapProfiler.startTrackingHeapObjects", { trackAllocations: true });
class Thing {}
const things = [];
function makeThings() { for (let i = 0; i < 1000; i++) things.push(new Thing()); }
makeThings();
globalThis.things = things;
const file = fs.openSync(process.argv[1], "w");
session.on("HeapProfiler.addHeapSnapshotChunk", ({ params }) => fs.writeSync(file, params.chunk));
session.post("HeapProfiler.stopTrackingHeapObjects", { reportProgress: false });
`;

it.each(["before", "after"])("the fixture %s has the sizes of the computation", async (when) => {
  const bytes = readFileSync(path.join(ROOT, `fixtures/v8-leak-${when}.heapsnapshot.gz`));
  const profile = await readProfile(bytes, gunzip, LIMIT);
  expectSizes(profile, JSON.parse(gunzipSync(bytes).toString()));
  expect(flatAndCum(profile, 0).Session[0]).toBe(when === "before" ? 50 : 300);
});

describe("a snapshot of Node.js", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-heap-"));
  const file = path.join(folder, "program.heapsnapshot");
  execFileSync(process.execPath, ["-e", PROGRAM, file]);
  const bytes = readFileSync(file);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has the numbers and sizes of the program's objects", async () => {
    const profile = await readProfile(bytes, gunzip, LIMIT);
    const counts = flatAndCum(profile, 0);
    const sizes = flatAndCum(profile, 1);
    expect(counts.Item[0]).toBe(502);
    expect(counts.Holder[0]).toBe(1);
    expect(counts.Link[0]).toBe(2000);
    // Two or three words, and a few objects besides.
    expect(sizes.Link[0] / 2000).toBeGreaterThanOrEqual(12);
    expect(sizes.Link[1]).toBeLessThan(sizes.Link[0] + 1000);
    // One of the 500 arrays of 8000 bytes is retained by two objects.
    expect(sizes.Holder[1]).toBeGreaterThan(499 * 8000);
    expect(sizes.Holder[1]).toBeLessThan(500 * 8000 + 499 * 300);
    expect(sizes.Alone[1]).toBeLessThan(1000);
  });

  it("has the functions that allocated the objects, if they were tracked", async () => {
    const tracked = path.join(folder, "tracked.heapsnapshot");
    execFileSync(process.execPath, ["-e", TRACKING_PROGRAM, tracked]);
    const { samples, labels, strings } = await readProfile(readFileSync(tracked), gunzip, LIMIT);
    const counts: Record<string, number> = {};
    for (let sample = 0; sample < samples.length; sample++) {
      const label = samples.labelOffsets[sample];
      if (label === samples.labelOffsets[sample + 1]) continue;
      expect(strings.get(labels.key[label])).toBe("allocated_by");
      const text = strings.get(labels.text[label]);
      counts[text] = (counts[text] ?? 0) + Number(samples.values[0][sample]);
    }
    const makers = Object.entries(counts).filter(([text]) => text.startsWith("makeThings"));
    expect(makers).toEqual([[expect.any(String), expect.any(Number)]]);
    expect(makers[0][1]).toBeGreaterThanOrEqual(1000);
  });

  it("has the sizes of an independent computation", async () => {
    expectSizes(await readProfile(bytes, gunzip, LIMIT), JSON.parse(bytes.toString()));
  });
});
