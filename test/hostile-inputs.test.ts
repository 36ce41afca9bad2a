import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { compose, FORMATS } from "../scripts/hostile/compose/index.mjs";
import { internalText, problemsOf } from "../scripts/hostile/limits.mjs";
import { Random } from "../scripts/hostile/random.mjs";
import { runOnce } from "../scripts/hostile/run-once.mjs";
import { encodeWithProtobufjs } from "./support/proto.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a compressed file, and expects that it has at most 200 kB. */
function hostileFile(name: string, content: string | Uint8Array): string {
  const compressed = gzipSync(content);
  expect(compressed.length).toBeLessThan(200_000);
  const file = path.join(folder, name.replace(/\W+/g, "-"));
  writeFileSync(file, compressed);
  return file;
}

/** Joins `count` numbered items. */
const many = (count: number, make: (i: number) => string, between = "") =>
  Array.from({ length: count }, (_, i) => make(i)).join(between);

const MEMORY_MAP = "heap profile: 1: 2 [3: 4] @ growth\n1: 2 [1: 2] @ 0x5\nMAPPED_LIBRARIES:\n";
const LONG = "x".repeat(1_000_000);

const events = many(64, (i) => ` e${i}`);
const costs = " 1000000".repeat(64);

const message = {
  string_table: ["", "cpu", "nanoseconds", "f", "g".repeat(10_000)],
  sample_type: [{ type: 1, unit: 2 }],
  location: [{ id: 1, line: [{ function_id: 1 }] }],
  function: [{ id: 1, name: 3, system_name: 3 }],
  sample: [{ location_id: [1], value: [7] }],
};

/** Small inputs that represent much larger contents. */
const HOSTILE: Readonly<Record<string, () => string | Uint8Array>> = {
  "callgrind: numbers that stand for long names": () =>
    `events: e\nfn=(1) ${LONG}\n${many(5_000, (i) => `fn=(1)\ncfn=(2) f${i}\ncalls=1 1\n${i} 1\n`)}`,
  "callgrind: functions that call each other, and many events": () =>
    `events:${events}\n${many(
      150,
      (i) =>
        `fn=(${i}) f${i}\n1${costs}\n${many(
          150,
          (j) => `cfn=(${j}) f${j}\ncalls=1 1\n1${costs}\n`,
        )}`,
    )}`,
  "callgrind: functions that call each other at many lines": () =>
    `events: e\n${many(
      100,
      (i) =>
        `fn=(${i}) f${i}\n1 1000000\n${many(
          600,
          (j) => `cfn=(${j % 100}) f${j % 100}\ncalls=1 1\n${j} 1000000\n`,
        )}`,
    )}`,
  "a memory map: variables that stand for long texts": () =>
    `${MEMORY_MAP}a=${"x".repeat(60_000)}\n${many(
      20_000,
      (i) => `${(4096 * i).toString(16)}-${(4096 * i + 9).toString(16)} r-xp $a/${i}\n`,
    )}`,
  "a heap profile of V8: a deep tree, of which each node is a sample": () => {
    const node = '{"callFrame":{"functionName":"f"},"selfSize":1,"children":[';
    return `{"head":${node.repeat(30_000)}${"]}".repeat(30_000)}}`;
  },
  "speedscope: a type for each profile": () =>
    `{"exporter":"tsprof","shared":{"frames":[{"name":"a"}]},"profiles":[${many(
      10_000,
      (i) =>
        `{"type":"sampled","name":"x${i} in u","unit":"none","samples":[[0]],"weights":[${i}]}`,
      ",",
    )}]}`,
  "JSON: lists in lists": () => `{"nodes":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  "JSON: lists in lists where there is a number": () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const data = '{"data":{"startTime":0}}';
    return `[{"ph":"P","name":"Profile","pid":${deep},"tid":{"toString":1},"args":${data}}]`;
  },
  "profile.proto: inlined calls, and a stack of nothing else": () =>
    encodeWithProtobufjs({
      ...message,
      location: [{ id: 1, line: new Array(25_000).fill({ function_id: 1 }) }],
      sample: [{ location_id: new Array(90_000).fill(1), value: [7] }],
    }),
  "profile.proto: comments, all of one long text": () =>
    encodeWithProtobufjs({ ...message, comment: new Array(100_000).fill(4) }),
  "profile.proto: many comments": () =>
    encodeWithProtobufjs({ ...message, comment: new Array(1_000_000).fill(3) }),
  "profile.proto: a name of 20 MB": () =>
    encodeWithProtobufjs({
      ...message,
      string_table: ["", "cpu", "ns", "x".repeat(20_000_000), ""],
    }),
  "profile.proto: one sample a million times": () => {
    const one = encodeWithProtobufjs(message);
    const sample = encodeWithProtobufjs({ sample: message.sample });
    return Buffer.concat([one, Buffer.alloc(sample.length * 1_000_000, sample)]);
  },
  "folded stacks: a stack of 100,000 frames": () => `${"a;b;".repeat(50_000)}c 1\n`,
  "perf script: lines of blanks": () =>
    `n 1/1 1.1: 1 e: \n\t1 a\n${`a${" ".repeat(500)}b\n`.repeat(20_000)}`,
  "zeros, and no end": () => Buffer.alloc(100 * 2 ** 20),
};

describe("hostile inputs give a result or an error of one line, within 10 s and 1.5 GB", () => {
  it.each(Object.entries(HOSTILE))("%s", async (name, make) => {
    const run = await runOnce(["top", hostileFile(name, make())], folder);
    expect(problemsOf(run)).toEqual([]);
  });

  it.each(["flame", "tree", "raw", "list ."])("%s", async (command) => {
    const file = hostileFile("deep", `${"a;b;".repeat(50_000)}c 1\n`);
    const run = await runOnce([...command.split(" "), file], folder);
    expect(problemsOf(run)).toEqual([]);
  });

  it("a device that never ends", async () => {
    for (const device of ["/dev/zero", "/dev/urandom"]) {
      const run = await runOnce(["top", device], folder);
      expect(problemsOf(run)).toEqual([]);
      expect(run.stderr).toContain("not a profile: it is a device");
    }
  });

  it("first lines that are names of properties", async () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      const file = path.join(folder, name);
      writeFileSync(file, `${name}\nformat=java\nresolution=bytes\n1 2 @ 0x1\n`);
      const run = await runOnce(["top", file], folder);
      expect(problemsOf(run)).toEqual([]);
      expect(run.stderr).toContain("unrecognized profile format");
    }
  });

  it("with a hint how to read a large input", async () => {
    const make = HOSTILE["a heap profile of V8: a deep tree, of which each node is a sample"];
    const file = hostileFile("trusted", make());
    const { stderr } = await runOnce(["top", file], folder);
    expect(stderr).toMatch(/needs more than \d+ MB, too much for an input of \d+ kB; read it with/);
  });
});

describe("the fuzzer", () => {
  it("generates the same input from the same seed", () => {
    for (const format of FORMATS) {
      const [first, again] = [1, 2].map(() => compose(new Random(7), format, 5_000));
      expect(first.equals(again)).toBe(true);
      expect(first.length).toBeLessThanOrEqual(200_000);
    }
  });

  it("counts everything except results and errors of one line as a fault", () => {
    const fine = { code: 0, signal: null, cpuMs: 1, peakMb: 1, stdout: "", stderr: "" };
    expect(problemsOf(fine)).toEqual([]);
    expect(problemsOf({ ...fine, code: 1, stderr: "tsprof: x: no such file\n" })).toEqual([]);
    const faults = [
      { cpuMs: 10_001 },
      { peakMb: 1537 },
      { code: null, signal: "SIGABRT" },
      { code: 1 },
      { code: 2, stderr: "tsprof: misuse\n" },
      { code: 1, stderr: "tsprof: a\nb\n" },
      { code: 1, stderr: "tsprof: to[e] is not a function\n" },
      { stdout: "label [object Object]\n" },
      { stdout: "NaN%\n" },
    ];
    for (const fault of faults) expect(problemsOf({ ...fine, ...fault })).toHaveLength(1);
  });

  it("recognizes messages of the engine", () => {
    expect(internalText("Cannot read properties of undefined (reading 'x')")).toBeDefined();
    expect(internalText("    at read (/x/y.js:3:4)")).toBeDefined();
    expect(internalText("tsprof: the profile needs more than 196 MB")).toBeUndefined();
  });
});
