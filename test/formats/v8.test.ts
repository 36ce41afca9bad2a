import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readProfile, readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { ProfileError } from "../../src/profile/errors.js";
import type { StringIndex } from "../../src/profile/indices.js";
import type { Profile } from "../../src/profile/profile.js";
import { top } from "../../src/report/top.js";
import { readBytes, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { inputFor } from "../support/report-input.js";
import { stacksOf, totalsOf } from "../support/stacks.js";

const FIXTURES = path.join(ROOT, "fixtures");
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-v8-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (value: unknown, limit?: number) =>
  readBytes(Buffer.from(JSON.stringify(value)), limit);

async function errorOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProfileError);
  const { message } = error as Error;
  expect(message).not.toMatch(/\n/);
  return message;
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Returns the expected name: functions without a name are named after their position. */
function nameOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
  if (functionName !== "" || url === "") return functionName || "(anonymous)";
  const file = url.startsWith("node:") ? url : path.posix.basename(url);
  const place = lineNumber < 0 ? "" : `:${lineNumber + 1}:${columnNumber + 1}`;
  return `(anonymous) ${file}${place}`;
}

interface CpuFile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
}

/** Counts samples and times of a CPU profile by stack in a simple way, node by node. */
function stacksOfCpu(file: CpuFile): Record<string, number[]> {
  const callerOf = new Map<number, number>();
  for (const { id, children } of file.nodes)
    for (const child of children ?? []) callerOf.set(child, id);
  const nodes = new Map(file.nodes.map((node) => [node.id, node]));
  const stackOf = (id: number): string[] => {
    const caller = callerOf.get(id);
    const frame = nodes.get(id)?.callFrame;
    return caller === undefined || !frame ? [] : [...stackOf(caller), nameOf(frame)];
  };
  let now = file.startTime;
  const taken = file.samples.map((id, i) => {
    now += file.timeDeltas[i];
    return { id, now };
  });
  taken.sort((a, b) => a.now - b.now);
  const sums = new Map<string, number[]>();
  taken.forEach(({ id, now: start }, i) => {
    const end = taken[i + 1]?.now ?? Math.max(start, file.endTime);
    const stack = stackOf(id).join(";");
    const [count, nanos] = sums.get(stack) ?? [0, 0];
    sums.set(stack, [count + 1, nanos + (end - start) * 1000]);
  });
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const SCRIPT = `
const keep = [];
function leaf(n) { let x = 0; for (let i = 0; i < n; i++) x += Math.sqrt(i); return x; }
function work(n) { for (let i = 0; i < 20; i++) keep.push(new Array(100).fill(leaf(n))); }
for (const end = Date.now() + 300; Date.now() < end; ) work(10000);
`;

/** Runs a script and returns the profile that Node.js wrote. */
function profiled(flag: string, ending: string, ...more: string[]): Buffer {
  const script = path.join(folder, "script.cjs");
  writeFileSync(script, SCRIPT);
  execFileSync(process.execPath, [flag, ...more, script], { cwd: folder });
  const name = readdirSync(folder).find((file) => file.endsWith(ending)) ?? "";
  return readFileSync(path.join(folder, name));
}

describe("V8's CPU profiles", () => {
  it("of Node.js have the stacks, counts and times of the file", async () => {
    const bytes = profiled("--cpu-prof", ".cpuprofile");
    const profile = await readBytes(bytes);
    const file = JSON.parse(bytes.toString()) as CpuFile;
    expect(typesOf(profile)).toEqual(["samples/count", "wall/nanoseconds"]);
    expect(stacksOf(profile)).toEqual(stacksOfCpu(file));
    expect(totalsOf(profile)).toEqual([
      file.samples.length,
      (file.endTime - file.startTime - file.timeDeltas[0]) * 1000,
    ]);
    expect(Object.keys(stacksOf(profile)).some((stack) => /;work;leaf$/.test(stack))).toBe(true);
  });

  it("of the fixtures have them too, and the functions that another converter finds", async () => {
    const bytes = readFileSync(path.join(FIXTURES, "v8-cpu.cpuprofile"));
    const ours = await readBytes(bytes);
    expect(stacksOf(ours)).toEqual(stacksOfCpu(JSON.parse(bytes.toString()) as CpuFile));
    const other = readFileSync(path.join(FIXTURES, "v8-cpu.pb.gz"));
    const theirs = await readProfile(other, gunzip, 1 << 26);
    const functionsOf = ({ functions, strings }: Profile) =>
      Array.from(functions.name as unknown as Uint32Array, (name, row) =>
        [strings.get(name as StringIndex), functions.startLine[row]].join(":"),
      ).sort();
    const known = functionsOf(ours).map((name) =>
      name.replace(/^(\(anonymous\)) .*(?=:\d+$)/, "$1"),
    );
    for (const name of functionsOf(theirs)) expect(known).toContain(name);
  });

  const frame = (functionName: string, lineNumber = 0, columnNumber = 0) => ({
    functionName,
    url: "file:///a.js",
    lineNumber,
    columnNumber,
  });
  const root = { id: 1, callFrame: { functionName: "(root)" }, children: [2, 3] };

  it("distinguish functions with the same name by position, and keep lines", async () => {
    const profile = await read({
      nodes: [
        root,
        { id: 2, callFrame: frame("", 4, 2), positionTicks: [{ line: 9, ticks: 1 }] },
        { id: 3, callFrame: frame("", 4, 7) },
      ],
      startTime: 100,
      endTime: 160,
      samples: [2, 2, 3, 2],
      timeDeltas: [10, 10, 10, 10],
    });
    expect(stacksOf(profile, true)).toEqual({
      "(anonymous) a.js:5:3:9": [1, 10000],
      "(anonymous) a.js:5:3:5": [2, 30000],
      "(anonymous) a.js:5:8:5": [1, 10000],
    });
    expect(profile.functions.length).toBe(2);
    expect(profile.strings.get(profile.functions.filename[0])).toBe("/a.js");
    expect([...profile.functions.startLine]).toEqual([5, 5]);
  });

  it("show the beginning of a function with its column where the line that ran is unknown", async () => {
    const at = (functionName: string, lineNumber: number) => ({
      callFrame: {
        functionName,
        scriptId: "1",
        url: "file:///run.js",
        lineNumber,
        columnNumber: 13,
      },
    });
    const profile = await read({
      nodes: [
        { id: 1, ...at("(root)", -1), children: [2] },
        { id: 2, ...at("work", 3), children: [3] },
        { id: 3, ...at("hot", 2), positionTicks: [{ line: 3, ticks: 1 }] },
      ],
      startTime: 0,
      endTime: 10,
      samples: [3],
      timeDeltas: [1],
    });
    const { rows } = top(inputFor("top", profile, { options: { granularity: "lines" } }));
    expect(rows.map(({ name }) => name)).toEqual(["hot run.js:3", "work run.js:4:14"]);
  });

  it("may have samples out of order", async () => {
    const nodes = [root, { id: 2, callFrame: frame("a") }, { id: 3, callFrame: frame("b") }];
    const times = { startTime: 0, endTime: 50, samples: [2, 3, 2], timeDeltas: [10, 20, -5] };
    expect(stacksOf(await read({ nodes, ...times }))).toEqual({ a: [2, 20000], b: [1, 20000] });
  });

  it("may have null instead of optional numbers", async () => {
    const callFrame = { ...frame("a"), lineNumber: null, columnNumber: null };
    const nodes = [root, { id: 2, callFrame, hitCount: null }];
    const times = { startTime: null, endTime: null, samples: [2, 2], timeDeltas: [0, 5] };
    expect(stacksOf(await read({ nodes, ...times }))).toEqual({ a: [2, 5000] });
  });

  it("without times have only the sample type `samples`", async () => {
    const nodes = [
      root,
      { id: 2, callFrame: frame("a"), hitCount: 3 },
      { id: 3, callFrame: frame("b") },
    ];
    for (const [more, stacks] of [
      [{}, { a: [3] }],
      [{ startTime: 0, endTime: 4000 }, { a: [3] }],
      [
        { samples: [2, 3, 3], startTime: 0, endTime: 4000 },
        { a: [1], b: [2] },
      ],
    ] as const) {
      const profile = await read({ nodes, ...more });
      expect(typesOf(profile)).toEqual(["samples/count"]);
      expect(profile.strings.get(profile.defaultSampleType)).toBe("samples");
      expect(stacksOf(profile)).toEqual(stacks);
    }
    const empty = await read({ nodes, samples: [], timeDeltas: [] });
    expect(typesOf(empty)).toEqual(["samples/count", "wall/nanoseconds"]);
    expect(empty.strings.get(empty.defaultSampleType)).toBe("samples");
    expect(stacksOf(empty)).toEqual({ a: [3, 0] });
  });

  it("may have timestamps instead of timeDeltas", async () => {
    const nodes = [root, { id: 2, callFrame: frame("a") }, { id: 3, callFrame: frame("b") }];
    const samples = [2, 3, 2];
    const timestamps = [110, 130, 125];
    const stacks = { a: [2, 20_000], b: [1, 40_000] };
    const times = { samples, timestamps, startTime: 100, endTime: 170 };
    expect(stacksOf(await read({ nodes, ...times }))).toEqual(stacks);
    const bare = { nodes, samples, timestamps };
    expect(stacksOf(await read(bare))).toEqual({ a: [2, 20_000], b: [1, 0] });
    expect(await errorOf(read({ ...bare, timestamps: [1] }))).toMatch(/1 timestamps for 3 samples/);
    expect(await errorOf(read({ ...bare, timestamps: [1, "2", 3] }))).toMatch(/not a number/);
    expect(await errorOf(read({ ...bare, timestamps: [1, 1e300, 3] }))).toMatch(/out of range/);
  });

  it("count lines from 1 if their writer does", async () => {
    const at = (line: number, more: object) => ({
      ...{ functionName: "(root)", url: "", lineNumber: line, columnNumber: line },
      ...more,
    });
    const lineOf = async (callFrame: object, more: object) => {
      const nodes = [
        { id: 1, callFrame, children: [2] },
        { id: 2, callFrame: frame("a", 4, 2), hitCount: 1 },
      ];
      return Object.keys(stacksOf(await read({ ...more, nodes }), true))[0];
    };
    expect(await lineOf(at(0, { bailoutReason: "" }), {})).toBe("a:4");
    expect(await lineOf(at(0, {}), { typeId: "CPU", uid: "1" })).toBe("a:4");
    expect(await lineOf(at(-1, {}), { typeId: "CPU", uid: "1" })).toBe("a:5");
    expect(await lineOf(at(0, {}), {})).toBe("a:5");
    const callFrame = { ...frame("a", 4, 2), lineTicks: [{ line: 6, hitCount: 2 }] };
    const ticked = [{ id: 1, callFrame: at(0, { bailoutReason: "" }), children: [2] }];
    const nodes = [...ticked, { id: 2, callFrame, hitCount: 3 }];
    expect(stacksOf(await read({ nodes }), true)).toEqual({ "a:4": [1], "a:6": [2] });
  });

  const oldNode = (id: number, functionName: string, lineNumber: number, more: object = {}) => ({
    ...{ functionName, url: "", lineNumber, columnNumber: 1, id, hitCount: 0, ...more },
  });
  const head = oldNode(1, "(root)", 0, {
    children: [
      oldNode(2, "a", 4, {
        hitCount: 3,
        children: [oldNode(3, "b", 7, { children: [] })],
        lineTicks: [{ line: 5, hitCount: 3 }],
      }),
    ],
  });

  it("of old versions of V8 have a tree, lines from 1 and times in seconds", async () => {
    expect(stacksOf(await read({ head }), true)).toEqual({ "a:5": [3] });
    const times = {
      samples: [2, 3, 2, 2],
      timestamps: [5100, 5110, 5130, 5160].map((t) => t + 5e9),
    };
    const stacks = { "a:5": [3, 60_000], "a:4;b:7": [1, 20_000] };
    const exact = await read({
      typeId: "CPU",
      head,
      startTime: 5000.005,
      endTime: 5000.00518,
      ...times,
    });
    expect(stacksOf(exact, true)).toEqual(stacks);
    expect(exact.durationNanos).toBe(180_000);
    // v8-profiler-next rounds the beginning and end to seconds.
    const rounded = await read({ head, startTime: 5000, endTime: 5001, ...times });
    expect(stacksOf(rounded, true)).toEqual({ ...stacks, "a:5": [3, 40_000] });
    expect(rounded.durationNanos).toBe(60_000);
    const unknown = await read({ head, startTime: null, endTime: null, ...times });
    expect(stacksOf(unknown, true)).toEqual(stacksOf(rounded, true));
    expect(await errorOf(read({ head: { ...head, children: [5] } }))).toMatch(
      "malformed V8 CPU profile: a node is not an object",
    );
    expect(await errorOf(read({ head: { ...head, children: [head] } }))).toMatch(/two nodes/);
  });

  it("of old versions of V8 may be deep", async () => {
    const depth = 20_000;
    const node = '{"functionName":"f","hitCount":1,"children":[';
    const deep = `{"head":${node.repeat(depth)}${"]}".repeat(depth)}}`;
    expect(await errorOf(readBytes(Buffer.from(deep), 1 << 26))).toMatch(/needs more than 64 MB/);
    const light = deep.replaceAll('"hitCount":1', '"hitCount":0').replace(/0(?=[^0]*$)/, "1");
    const profile = await readBytes(Buffer.from(light));
    expect(profile.samples.stackLocations.length).toBe(depth);
  });

  it("may be inside a result of the inspector protocol, as may heap profiles", async () => {
    const nodes = [root, { id: 2, callFrame: frame("a"), hitCount: 3 }];
    for (const profile of [{ nodes }, { head }]) {
      const stacks = stacksOf(await read(profile));
      expect(stacksOf(await read({ profile }))).toEqual(stacks);
      expect(stacksOf(await read({ result: { profile } }))).toEqual(stacks);
      expect(stacksOf(await read({ id: 3, result: { profile }, more: 1 }))).toEqual(stacks);
    }
    const lone = { callFrame: { functionName: "f" }, selfSize: 7, id: 5 };
    expect(stacksOf(await read({ result: { profile: { head: lone } } }))).toEqual({ f: [7] });
    for (const other of [
      { profile: { a: 1 } },
      { profile: { result: { nodes } } },
      { result: 5 },
    ]) {
      expect(await errorOf(read(other))).toMatch(/^this is JSON, but not of a profile/);
    }
  });

  it("may refer to missing nodes, which one warning counts", async () => {
    const nodes = [
      { id: 1, callFrame: { functionName: "(root)" }, children: [2, 8] },
      { id: 2, callFrame: frame("a") },
      { id: 3, callFrame: frame("b"), parent: 9 },
      { id: 4, callFrame: frame("c"), parent: 3 },
    ];
    const times = { startTime: 0, endTime: 60, timeDeltas: [10, 10, 10, 10, 10] };
    const { profile, warnings } = await readWithFormat(
      Buffer.from(JSON.stringify({ nodes, samples: [2, 7, 4, 3, null], ...times })),
      gunzip,
      1 << 26,
    );
    expect(stacksOf(profile)).toEqual({ a: [1, 10_000], b: [1, 10_000], "b;c": [1, 10_000] });
    expect(warnings).toEqual([
      "skipped 2 samples without a known node; callers are missing in 2 samples; " +
        "ignored 1 reference to missing nodes",
    ]);
  });

  it("are refused in one line if damaged", async () => {
    const node = (id: number, more: object) => ({ id, callFrame: frame("f"), ...more });
    expect(await errorOf(readBytes(Buffer.from('{"nodes":[{"id":1,"call')))).toMatch(
      /^malformed V8 CPU profile: /,
    );
    const cases: [object, RegExp][] = [
      [{ nodes: [node(1, { children: [2] }), node(2, { children: [1] })] }, /form a cycle/],
      [{ nodes: [node(1, { children: [1] })] }, /form a cycle/],
      [{ nodes: [node(1, {}), node(1, {})] }, /two nodes/],
      [
        { nodes: [node(1, { children: [3] }), node(2, { children: [3] }), node(3, {})] },
        /two parents/,
      ],
      [{ nodes: [node(1, {})], samples: [9], timeDeltas: [1] }, /no sample refers to a node/],
      [{ nodes: [node(1, {})], samples: [1], timeDeltas: [1, 2] }, /2 timeDeltas/],
      [{ nodes: [node(1, {})], samples: [1], timeDeltas: [1e300] }, /out of range/],
      [{ nodes: [node(1, {})], samples: [1], timeDeltas: ["1"] }, /out of range/],
      [{ nodes: [{ id: 1 }] }, /callFrame is not an object/],
      [{ nodes: {} }, /not a list/],
      [{ nodes: [node(1, { hitCount: 2 ** 60 })] }, /whole number/],
    ];
    for (const [file, message] of cases) expect(await errorOf(read(file))).toMatch(message);
  });

  it("are read if deep, and refused if their stacks do not fit in memory", async () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => ({
      id: i,
      callFrame: frame("f"),
      hitCount: i === 19_999 ? 1 : 0,
      children: i < 19_999 ? [i + 1] : [],
    }));
    const profile = await read({ nodes });
    expect(profile.samples.stackLocations.length).toBe(20_000);
    const all = nodes.map((node) => ({ ...node, hitCount: 1 }));
    expect(await errorOf(read({ nodes: all }))).toMatch(/needs more than 64 MB/);
  });
});

describe("V8's heap profiles", () => {
  interface HeapNode {
    readonly callFrame: CallFrame;
    readonly selfSize: number;
    readonly children: readonly HeapNode[];
  }
  function sizes({ children }: HeapNode, callers: string[], sums: Map<string, number>) {
    for (const child of children) {
      const stack = [...callers, nameOf(child.callFrame)];
      const key = stack.join(";");
      if (child.selfSize > 0) sums.set(key, (sums.get(key) ?? 0) + child.selfSize);
      sizes(child, stack, sums);
    }
    return sums;
  }

  it("of Node.js have the bytes of the file", async () => {
    const bytes = profiled("--heap-prof", ".heapprofile", "--heap-prof-interval=1024");
    const profile = await readBytes(bytes);
    const { head } = JSON.parse(bytes.toString()) as { head: HeapNode };
    const row = typesOf(profile).indexOf("space/bytes");
    const read = Object.entries(stacksOf(profile)).map(([stack, values]) => [stack, values[row]]);
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(sizes(head, [], new Map())));
    expect(read.length).toBeGreaterThan(3);
  });

  it("of the fixtures have the stacks that another converter finds, and the bytes of the tree", async () => {
    const bytes = readFileSync(path.join(FIXTURES, "v8-heap.heapprofile"));
    const ours = stacksOf(await readBytes(bytes));
    const other = readFileSync(path.join(FIXTURES, "v8-heap.pb.gz"));
    // That converter sums up samples, whose number differs a little.
    const theirs = stacksOf(await readProfile(other, gunzip, 1 << 26));
    const plain = Object.keys(ours).map((stack) =>
      stack.replace(/\(anonymous\) [^;]*/g, "(anonymous)"),
    );
    expect(plain.sort()).toEqual(Object.keys(theirs).sort());
    const { head } = JSON.parse(bytes.toString()) as { head: HeapNode };
    for (const [stack, size] of sizes(head, [], new Map())) expect(ours[stack][1]).toBe(size);
  });

  it("may be deep, have no samples, or be damaged", async () => {
    const depth = 20_000;
    const node = '{"callFrame":{"functionName":"f"},"selfSize":0,"children":[';
    const leaf = '{"callFrame":{"functionName":"leaf"},"selfSize":7}';
    const deep = `{"head":${node.repeat(depth)}${leaf}${"]}".repeat(depth)}}`;
    const profile = await readBytes(Buffer.from(deep));
    expect(totalsOf(profile)).toEqual([7]);
    expect(profile.samples.stackLocations.length).toBe(depth + 1);
    // V8 allocates before it writes the samples; samples outside of the tree are not counted.
    const late = {
      head: { callFrame: { functionName: "f" }, selfSize: 30, id: 5 },
      samples: [
        { size: 40, nodeId: 6, ordinal: 4 },
        { size: 10, nodeId: 5, ordinal: 3 },
        { size: 10, nodeId: 5, ordinal: 2 },
        { size: 15, nodeId: 5, ordinal: 1 },
      ],
    };
    expect(stacksOf(await read(late))).toEqual({ f: [2, 30] });
    const lone = { callFrame: { functionName: "f" }, selfSize: 1, id: 5 };
    expect(await errorOf(read({ head: lone, samples: [{ size: -1, nodeId: 5 }] }))).toMatch(
      /negative/,
    );
    expect(await errorOf(read({ head: 5 }))).toMatch(/not an object/);
    expect(await errorOf(read({ head: { ...lone, selfSize: -0.5 } }))).toMatch(/whole number/);
  });
});
