import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../../src/formats/read.js";
import { gunzip } from "../../../src/platform/files/gunzip.js";
import type { StringIndex } from "../../../src/profile/indices.js";
import { typesOf } from "../../support/addresses.js";
import {
  type ParsedSnapshot,
  type SnapshotNode,
  snapshotOf,
} from "../../support/heap-snapshots.js";
import { flatAndCum, stacksOf } from "../../support/stacks.js";

const LIMIT = 1 << 28;

const readText = (text: string, limit = LIMIT) => readWithFormat(Buffer.from(text), gunzip, limit);
const read = (snapshot: ParsedSnapshot) => readText(JSON.stringify(snapshot));

const stacks = async (nodes: readonly SnapshotNode[]) =>
  stacksOf((await read(snapshotOf(nodes))).profile);

const ROOT: SnapshotNode = {
  ...{ type: "synthetic", name: "", size: 0 },
  edges: [["element", 1, 1]],
};

/** A map from strings to users behind the GC roots, with a weak and a shared reference. */
const NODES: SnapshotNode[] = [
  ROOT,
  {
    ...{ type: "synthetic", name: "(GC roots)", size: 0 },
    edges: [
      ["element", 1, 2],
      ["element", 2, 7],
    ],
  },
  { type: "object", name: "Map", size: 32, edges: [["internal", "table", 3]] },
  {
    ...{ type: "array", name: "", size: 100 },
    edges: [
      ["hidden", 1, 4],
      ["hidden", 2, 5],
      ["weak", "1", 8],
    ],
  },
  { type: "object", name: "User", size: 24, edges: [["property", "name", 6]] },
  { type: "object", name: "User", size: 24, edges: [["property", "name", 6]] },
  { type: "string", name: "Ann", size: 16 },
  { type: "closure", name: "onExit", size: 64, edges: [["context", "last", 8]] },
  { type: "object", name: "User", size: 24 },
];

describe("V8 heap snapshots", () => {
  it("have the objects by their path in the dominator tree", async () => {
    const { profile, format, warnings } = await read(snapshotOf(NODES));
    expect(format.name).toBe("V8 heap snapshot");
    expect(warnings).toEqual([]);
    expect(typesOf(profile)).toEqual(["objects/count", "space/bytes"]);
    expect(profile.strings.get(profile.defaultSampleType)).toBe("space");
    expect(stacksOf(profile)).toEqual({
      "(GC roots);Map": [1, 32],
      "(GC roots);Map;(array)": [1, 100],
      "(GC roots);Map;(array);User": [2, 48],
      "(GC roots);Map;(array);(string)": [1, 16],
      "(GC roots);(closure)": [1, 64],
      "(GC roots);(closure);User": [1, 24],
    });
  });

  it("have fields in any order, and fields and types that are not known", async () => {
    const expected = await stacks(NODES);
    const nodeFields = ["edge_count", "detachedness", "self_size", "name", "id", "type"];
    const edgeFields = ["to_node", "name_or_index", "type"];
    const reordered = snapshotOf(NODES, { nodeFields, edgeFields });
    expect(stacksOf((await read(reordered)).profile)).toEqual(expected);
    const minimal = snapshotOf(NODES, {
      nodeFields: ["type", "name", "id", "self_size", "edge_count"],
    });
    expect(stacksOf((await read(minimal)).profile)).toEqual(expected);
    const { snapshot, ...rest } = minimal;
    const text = JSON.stringify({
      snapshot: { title: "Snapshot 1", ...snapshot },
      ...rest,
      x: [[{}]],
    });
    for (const variant of [text, text.replace(/[[,:{]/g, "$& \n"), `\ufeff${text}`]) {
      expect(stacksOf((await readText(variant)).profile)).toEqual(expected);
    }
  });

  it("do not depend on the order of the lists, or on the counts in the file", async () => {
    const { snapshot, nodes, edges, strings } = snapshotOf(NODES);
    const wrong = { ...snapshot, node_count: 4e9, edge_count: 0 };
    const { profile } = await readText(JSON.stringify({ snapshot: wrong, strings, edges, nodes }));
    expect(stacksOf(profile)).toEqual(await stacks(NODES));
  });

  it("count only objects with a size and native ones", async () => {
    expect(
      await stacks([
        { ...ROOT, edges: [0, 1, 2].map((i) => ["element", i, i + 1] as const) },
        { type: "native", name: "Blob", size: 0 },
        { type: "object", name: "Empty", size: 0, edges: [["property", "a", 3]] },
        { type: "number", name: "heap number", size: 12 },
      ]),
    ).toEqual({ Blob: [1, 0], "(number)": [1, 12] });
  });

  it("have the names of Chrome DevTools", async () => {
    const types = [
      ...["hidden", "array", "string", "code", "closure", "regexp", "number", "symbol", "bigint"],
      ...["concatenated string", "sliced string", "object shape"],
    ];
    const objects: [type: string, name: string][] = [
      ["object", "system / Context"],
      ["object", 'quote"d \u00e9 \ud83d\ude00'],
      ["object", ""],
      ["native", '<div id="a b" class="x">'],
      ["native", '<a href="\n">'],
      ["native", "Detached <p id=x>"],
      ["object", "Array"],
    ];
    const nodes: SnapshotNode[] = [
      ...types.map((type) => ({ type, name: "any", size: 8 })),
      ...objects.map(([type, name]) => ({ type, name, size: 8 })),
    ];
    const edges = nodes.map((_, i) => ["element", i, i + 1] as const);
    expect(Object.keys(await stacks([{ ...ROOT, edges }, ...nodes])).sort()).toEqual(
      [
        ...["(system)", "(array)", "(string)", "(compiled code)", "(closure)", "(regexp)"],
        ...["(number)", "(symbol)", "(bigint)", "(concatenated string)", "(sliced string)"],
        ...["(object shape)", "system / Context", 'quote"d \u00e9 \ud83d\ude00', "(anonymous)"],
        ...["<div>", "<a>", "Detached <p>", "Array"],
      ].sort(),
    );
  });

  it("mark DOM nodes that are detached, directly or through their parents", async () => {
    const element = (
      name: string,
      detachedness: number,
      edges: SnapshotNode["edges"] = [],
      type = "native",
    ) => ({ type, name, size: 8, detachedness, edges });
    expect(
      await stacks([
        { ...ROOT, edges: [1, 2].map((i) => ["element", i, i] as const) },
        element("<body>", 1, [["element", 1, 4]]),
        element("<div id=a>", 2, [
          ["element", 1, 3],
          ["element", 2, 4],
          ["property", "wrapper", 5],
          ["hidden", 3, 7],
        ]),
        element("<span>", 0),
        element("<b>", 0),
        element("HTMLSpanElement", 0, [["internal", "native", 6]], "object"),
        element("<i>", 0),
        element("<u>", 0),
      ]),
    ).toEqual({
      "<b>": [1, 8],
      "<body>": [1, 8],
      "Detached <div>": [1, 8],
      "Detached <div>;<u>": [1, 8],
      "Detached <div>;Detached <span>": [1, 8],
      "Detached <div>;HTMLSpanElement": [1, 8],
      "Detached <div>;HTMLSpanElement;<i>": [1, 8],
    });
  });

  it("are not retained by weak edges, shortcuts, and the table of a WeakMap", async () => {
    const pair = (table: number) =>
      `3 / part of key (Key @9) -> value (V @11) pair in WeakMap (table @${table})`;
    expect(
      await stacks([
        { ...ROOT, edges: [1, 2].map((i) => ["element", i, i] as const) },
        { type: "object", name: "Key", size: 1, id: 9, edges: [["internal", pair(5), 3]] },
        {
          ...{ type: "array", name: "", size: 2, id: 5 },
          edges: [
            ["internal", pair(5), 3],
            ["internal", pair(6), 4],
            ["shortcut", "s", 5],
            ["weak", 1, 6],
          ],
        },
        { type: "object", name: "Value", size: 4, edges: [["property", "self", 3]] },
        { type: "object", name: "Other", size: 8 },
        { type: "object", name: "Shortcut", size: 16 },
        { type: "object", name: "Weak", size: 32, edges: [["property", "a", 7]] },
        { type: "object", name: "Inner", size: 64, edges: [["property", "b", 6]] },
      ]),
    ).toEqual({
      Key: [1, 1],
      "Key;Value": [1, 4],
      "(array)": [1, 2],
      "(array);Other": [1, 8],
      "(unreachable);Shortcut": [1, 16],
      "(unreachable);Weak": [1, 32],
      "(unreachable);Weak;Inner": [1, 64],
    });
  });

  it("prefer the retainers that are reachable from a global object", async () => {
    expect(
      await stacks([
        {
          ...ROOT,
          edges: [
            ["element", 1, 1],
            ["shortcut", "Window", 2],
          ],
        },
        { type: "synthetic", name: "(GC roots)", size: 0, edges: [["element", 1, 3]] },
        { type: "object", name: "Window", size: 1, edges: [["property", "cache", 3]] },
        { type: "object", name: "Cache", size: 2 },
      ]),
    ).toEqual({ Window: [1, 1], "Window;Cache": [1, 2] });
  });

  it("have the files and lines of functions and constructors", async () => {
    const nodes: SnapshotNode[] = [
      { ...ROOT, edges: [1, 4, 5, 6, 7, 8].map((i) => ["element", i, i] as const) },
      { type: "closure", name: "f", size: 1, edges: [["internal", "shared", 2]] },
      { type: "code", name: "f", size: 0, edges: [["internal", "script_or_debug_info", 3]] },
      { type: "code", name: "file:///app/a%20b.js?mtime=1#x", size: 0 },
      { type: "object", name: "User", size: 2 },
      { type: "object", name: "User", size: 4 },
      { type: "object", name: "User", size: 8 },
      { type: "closure", name: "g", size: 16, edges: [["property", "shared", 2]] },
      { type: "object", name: "", size: 32 },
    ];
    const snapshot = snapshotOf(nodes, {
      locations: [
        [1, 7, 3, 10],
        [4, 7, 5, 1],
        [5, 7, 5, 1],
        [6, 8, 5, 1],
        [7, 7, 0, 0],
        [8, 7, 4, 2],
      ],
    });
    const { functions, strings, ...profile } = (await read(snapshot)).profile;
    const rows = Array.from({ length: functions.length }, (_, row) =>
      [
        strings.get(functions.name[row]),
        strings.get(functions.filename[row]),
        Number(functions.startLine[row]),
        Number(functions.startColumn[row]),
      ].join(":"),
    );
    expect(rows.sort()).toEqual([
      "(anonymous) a b.js:5:3:/app/a b.js:5:3",
      "(closure):/app/a b.js:1:1",
      "(closure):/app/a b.js:4:11",
      "User:/app/a b.js:6:2",
      "User::0:0",
    ]);
    expect(stacksOf({ functions, strings, ...profile })).toMatchObject({ User: [3, 14] });
  });

  it("have the files of newer versions, whose locations refer to scripts", async () => {
    const nodes: SnapshotNode[] = [
      { ...ROOT, edges: [1, 2, 3, 6].map((i) => ["element", i, i] as const) },
      { type: "object", name: "User", size: 1 },
      { type: "object", name: "Page", size: 2 },
      {
        type: "object",
        name: "system / Context / scope @7",
        size: 4,
        edges: [["context", "a", 4]],
      },
      { type: "object", name: "system / Context / scope @9", size: 8 },
      { type: "code", name: "system / Script / https://a.test/a.js", size: 0 },
      { type: "code", name: "system / Script / ", size: 0 },
    ];
    const { locations: _, ...snapshot } = snapshotOf(nodes);
    const location_fields = ["object_index", "script_id", "script_object_index", "line", "column"];
    const meta = { ...snapshot.snapshot.meta, location_fields };
    const { profile } = await readText(
      JSON.stringify({
        ...snapshot,
        snapshot: { meta, trace_function_count: 0, extra_native_bytes: 16 },
        locations: [...[7, 3, 35, 4, 9], ...[14, 4, 42, 0, 0]],
        scopes: [7, -2, 0],
      }),
    );
    expect(stacksOf(profile, true)).toEqual({
      "User:5": [1, 1],
      "Page:0": [1, 2],
      "system / Context:0": [2, 12],
      "(extra native bytes):0": [0, 16],
    });
    const files = Array.from(profile.functions.filename as ArrayLike<StringIndex>, (file) =>
      profile.strings.get(file),
    );
    expect(files.filter((file) => file !== "")).toEqual(["https://a.test/a.js"]);
  });

  describe("with the stacks of allocations", () => {
    const things = [7, 7, 8, 9, 0].map(
      (trace): SnapshotNode => ({
        ...{ type: "object", name: "Thing", size: 1, trace },
      }),
    );
    const edges = things.map((_, i) => ["element", i, i + 1] as const);
    const { snapshot, strings, ...lists } = snapshotOf([{ ...ROOT, edges }, ...things]);
    const meta = {
      ...snapshot.meta,
      trace_function_info_fields: [
        ...["function_id", "name", "script_name", "script_id", "line", "column"],
      ],
      trace_node_fields: ["id", "function_info_index", "count", "size", "children"],
    };
    const traced = {
      snapshot: { meta, trace_function_count: 3 },
      ...lists,
      trace_function_infos: [
        ...[0, strings.length, 0, 0, 0, 0],
        ...[5, strings.length + 1, strings.length + 2, 9, 12, 3],
        ...[6, 0, strings.length + 3, 9, 0, 0],
      ],
      trace_tree: [1, 0, 0, 0, [7, 1, 2, 2, [], 8, 2, 1, 1, [9, 99, 0, 0, []]]],
      strings: [...strings, "(root)", "make", "file:///app/a.js", "node:fs"],
    };

    it("have the allocating function as a label", async () => {
      const { samples, labels, strings: texts } = (await readText(JSON.stringify(traced))).profile;
      const found = Array.from({ length: samples.length }, (_, sample) => {
        const label = samples.labelOffsets[sample];
        const hasLabel = label < samples.labelOffsets[sample + 1];
        const text = hasLabel
          ? `${texts.get(labels.key[label])}=${texts.get(labels.text[label])}`
          : "";
        return [text, Number(samples.values[0][sample])];
      });
      expect(Object.fromEntries(found)).toEqual({
        "": 2,
        "allocated_by=make a.js:12": 2,
        "allocated_by=(anonymous) node:fs": 1,
      });
    });

    it.each([
      [{ trace_tree: [[1, 0, 0]] }, /trace_tree is not a list of natural numbers/],
      [{ trace_tree: ["a"] }, /trace_tree is not a list of natural numbers/],
      [{ trace_tree: {} }, /trace_tree is not a list of natural numbers/],
      [{ trace_function_infos: [1, 2] }, /trace_function_infos has 2 numbers/],
      [{ trace_function_infos: [0, 99, 0, 0, 0, 0] }, /allocating function is no string/],
      [
        {
          snapshot: {
            meta: { ...meta, trace_node_fields: ["children", "id", "function_info_index"] },
            trace_function_count: 1,
          },
        },
        /children is not the last/,
      ],
    ])("are refused if damaged: %#", async (change, message) => {
      await expect(readText(JSON.stringify({ ...traced, ...change }))).rejects.toThrow(message);
    });
  });

  describe("of a recording of allocations", () => {
    const ids = [5, 21, 23, 31, 33, 24, 99];
    const things = ids.map(
      (id, i): SnapshotNode => ({
        ...{ type: id % 2 === 0 ? "native" : "object", name: "Thing", size: 2 ** i, id },
      }),
    );
    const edges = things.map((_, i) => ["element", i, i + 1] as const);
    const { snapshot, ...lists } = snapshotOf([{ ...ROOT, edges }, ...things]);
    const sample_fields = ["timestamp_us", "last_assigned_id"];
    const recording = (samples: readonly number[]) =>
      readText(
        JSON.stringify({
          ...{ snapshot: { meta: { ...snapshot.meta, sample_fields } }, ...lists, samples },
        }),
      );

    it("have the times at which V8 noticed the objects", async () => {
      const { profile } = await recording([0, 9, 1000, 19, 2000, 23, 3500, 40]);
      expect(stacksOf(profile)).toEqual({ Thing: [7, 127] });
      expect(profile.durationNanos).toBe(3_500_000);
      const { observations, samples } = profile;
      expect(observations && [...observations.time]).toEqual([2_000_000, 3_500_000]);
      expect(observations?.values.map((column) => [...column])).toEqual([
        [2, 2],
        [2 + 4, 8 + 16],
      ]);
      // The values of a sample are the sums of its observations.
      const [first, second] = [observations?.sample[0], observations?.sample[1]];
      expect(first).toBe(second);
      expect(samples.values.map((column) => column[first ?? -1])).toEqual([4, 30]);
    });

    it("have no times without samples after the first", async () => {
      for (const samples of [[], [0, 19]]) {
        const { profile } = await recording(samples);
        expect(profile.observations).toBeUndefined();
        expect(stacksOf(profile)).toEqual({ Thing: [7, 127] });
      }
      await expect(recording([0, 1, 2])).rejects.toThrow(/samples has 3 numbers/);
      await expect(recording([0, 1, 1e15, 2])).rejects.toThrow(/time of a sample is out of range/);
    });
  });

  it("leave out repeated classes of long chains, and keep flat and cum exact", async () => {
    const length = 60_000;
    const chain = (names: readonly string[]): SnapshotNode[] => [
      ROOT,
      ...Array.from(
        { length },
        (_, i): SnapshotNode => ({
          ...{ type: "object", name: names[i % names.length], size: 1 },
          edges: i === length - 1 ? [] : [["property", "next", i + 2]],
        }),
      ),
    ];
    expect(await stacks(chain(["Node"]))).toEqual({ Node: [length, length] });
    const pairs = await stacks(chain(["A", "B"]));
    expect(Object.keys(pairs)).toEqual(["A", "A;B", "A;B;A", "A;B;A;B", "A;B;A;B;A"]);
    // Sequences without repetition: the digits of the numbers from 10,000 on.
    const digits = Array.from({ length }, (_, i) => String(10_000 + i))
      .join("")
      .slice(0, length);
    const { profile } = await read(snapshotOf(chain([...digits])));
    const offsets = profile.samples.stackOffsets;
    const depths = Array.from(offsets.slice(1), (end, i) => end - offsets[i]);
    expect(Math.max(...depths)).toBeLessThan(140);
    const values = flatAndCum(profile, 1);
    for (const digit of "0123456789") {
      const count = digits.split(digit).length - 1;
      expect(values[digit]).toEqual([count, length - digits.indexOf(digit)]);
    }
  });
});

describe("damaged heap snapshots are refused in one line", () => {
  const { snapshot, ...lists } = snapshotOf(NODES);
  const { meta } = snapshot;
  const text = JSON.stringify({ snapshot, ...lists });

  const cases: [change: object | string, message: RegExp][] = [
    [text.slice(0, -20), /the JSON ends too early/],
    [text.slice(0, 700), /the JSON ends too early/],
    [text.replace('"edges":', '"edges"'), /invalid JSON at position \d+/],
    [text.replace('"nodes":[', '"nodes":[-'), /nodes is not a list of natural numbers/],
    [text.replace('"nodes":[9', '"nodes":[0.5'), /nodes is not a list of natural numbers/],
    [text.replace('"nodes":[', '"nodes":[,'), /nodes has 64 numbers/],
    [text.replace('"edges":[', '"edges":["a",'), /edges/],
    [{ snapshot: { meta: { ...meta, node_fields: ["type", "name"] } } }, /no field id/],
    [{ snapshot: { meta: { ...meta, edge_fields: undefined } } }, /edge_fields is not a list/],
    [{ snapshot: { meta: { ...meta, edge_types: [] } } }, /edge_types is not a list/],
    [{ snapshot: { meta, root_index: 3 } }, /root_index is not a node/],
    [{ snapshot: { meta, root_index: 7e9 } }, /root_index is not a node/],
    [{ snapshot: { meta, root_index: -7 } }, /root_index is not a node/],
    [{ nodes: [] }, /there are no nodes/],
    [{ nodes: undefined }, /there are no nodes/],
    [{ nodes: lists.nodes.slice(1) }, /nodes has 62 numbers, which is no multiple of 7/],
    [{ edges: lists.edges.slice(3) }, /the nodes have 10 edges, but there are 9/],
    [{ edges: lists.edges.with(2, 8) }, /an edge leads to a position that is not a node/],
    [{ edges: lists.edges.with(2, 7e9) }, /an edge leads to a position that is not a node/],
    [{ edges: lists.edges.with(0, 99) }, /an edge has an unknown type/],
    [{ nodes: lists.nodes.with(0, 99) }, /a node has an unknown type/],
    [{ nodes: lists.nodes.with(1, 99) }, /the name of a node is no string/],
    [{ nodes: lists.nodes.with(3, 2 ** 53) }, /the sizes exceed 2\^53 bytes/],
    [{ nodes: lists.nodes.with(4, 1e15) }, /a node has too many edges/],
    [{ strings: [] }, /the name of a node is no string/],
    [{ strings: [1] }, /invalid JSON at position/],
    [{ locations: [1, 2, 3, 4] }, /a location is not of a node/],
    [{ locations: [0, 2, 3] }, /locations has 3 numbers/],
  ];

  it.each(cases)("%#", async (change, message) => {
    const damaged =
      typeof change === "string" ? change : JSON.stringify({ snapshot, ...lists, ...change });
    const error = await readText(damaged).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^malformed V8 heap snapshot: [^\n]*$/);
  });

  it("if they do not fit in memory", async () => {
    const count = 5_000;
    const names = Array.from({ length: count }, (_, i) => `C${i}`);
    const nodes = names.map(
      (name, i): SnapshotNode => ({
        ...{ type: "object", name, size: 1 },
        edges: i === count - 1 ? [] : [["property", "next", i + 2]],
      }),
    );
    const deep = JSON.stringify(snapshotOf([ROOT, ...nodes]));
    await expect(readText(deep, 1 << 24)).rejects.toThrow(/the profile needs more than 16 MB/);
    await expect(readText(JSON.stringify(snapshotOf(NODES)), 2000)).rejects.toThrow(/needs more/);
  });
});
