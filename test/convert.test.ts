import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readProfile } from "../src/formats/read.js";
import { gunzip } from "../src/platform/files/gunzip.js";
import type { StringIndex } from "../src/profile/indices.js";
import type { Profile } from "../src/profile/profile.js";
import { renderCpuprofile } from "../src/render/cpuprofile.js";
import { renderSpeedscope } from "../src/render/speedscope.js";
import { buildConvertedTree } from "../src/report/converted.js";
import { useOneProcess } from "./support/one-process.js";
import { encodeWithProtobufjs, ROOT } from "./support/proto.js";
import { profileWithPositiveValues } from "./support/random-profile.js";
import { inputFor } from "./support/report-input.js";
import { stacksOf, totalsOf } from "./support/stacks.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-convert-"));
afterAll(() => rmSync(folder, { recursive: true }));
const tsprof = useOneProcess();
const seed = Number(process.env.TSPROF_SEED ?? 1);
const fixture = (name: string) => path.join(ROOT, "fixtures", name);

const readFile = (file: string): Promise<Profile> =>
  readProfile(readFileSync(file), gunzip, 1 << 28);
const readText = (text: string) => readProfile(Buffer.from(text), gunzip, 1 << 28);

let serial = 0;
async function convert(file: string, to: string, ...args: string[]): Promise<string> {
  const output = path.join(folder, `${serial++}.out`);
  const result = await tsprof(["convert", "-to", to, ...args, "-output", output, file]);
  expect(result).toMatchObject({ code: 0 });
  return output;
}

/** Checks a file with one sampled profile against the documented schema of speedscope. */
function checkSpeedscope(text: string): void {
  const file = JSON.parse(text);
  const keys = (value: object) => Object.keys(value);
  expect(file.$schema).toBe("https://www.speedscope.app/file-format-schema.json");
  expect(["$schema", "shared", "profiles", "name", "activeProfileIndex", "exporter"]).toEqual(
    expect.arrayContaining(keys(file)),
  );
  expect(keys(file.shared)).toEqual(["frames"]);
  for (const frame of file.shared.frames) {
    expect(typeof frame.name).toBe("string");
    expect(["name", "file", "line", "col"]).toEqual(expect.arrayContaining(keys(frame)));
    for (const key of ["line", "col"]) expect(["number", "undefined"]).toContain(typeof frame[key]);
  }
  expect(file.profiles.length).toBe(1);
  const [profile] = file.profiles;
  expect(keys(profile).sort()).toEqual(
    ["type", "name", "unit", "samples", "weights", "startValue", "endValue"].sort(),
  );
  expect(profile.type).toBe("sampled");
  const units = ["none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"];
  expect(units).toContain(profile.unit);
  expect(profile.weights.length).toBe(profile.samples.length);
  let sum = 0;
  for (const weight of profile.weights) sum += weight;
  expect(profile.endValue - profile.startValue).toBe(sum);
  for (const stack of profile.samples) {
    for (const frame of stack) expect(file.shared.frames[frame]).toBeDefined();
  }
}

/** Checks what Chrome's tools require: a tree with one root, and samples in order of time. */
function checkCpuprofile(text: string): void {
  const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(text);
  const known = new Map<number, object>();
  const children = new Set<number>();
  for (const node of nodes) {
    expect(known.has(node.id)).toBe(false);
    known.set(node.id, node);
    for (const child of node.children ?? []) {
      expect(children.has(child)).toBe(false);
      children.add(child);
    }
    const { functionName, scriptId, url, lineNumber, columnNumber } = node.callFrame;
    expect([functionName, scriptId, url].map((value) => typeof value)).toEqual(
      Array(3).fill("string"),
    );
    expect([lineNumber, columnNumber, node.hitCount].every(Number.isInteger)).toBe(true);
  }
  expect(nodes[0].callFrame.functionName).toBe("(root)");
  expect(children.size).toBe(nodes.length - 1);
  expect(children.has(nodes[0].id)).toBe(false);
  for (const child of children) expect(known.has(child)).toBe(true);
  expect(timeDeltas.length).toBe(samples.length);
  for (const id of samples) expect(known.has(id)).toBe(true);
  let now = startTime;
  for (const delta of timeDeltas) {
    expect(Number.isInteger(delta) && delta >= 0).toBe(true);
    now += delta;
  }
  expect(now).toBeLessThanOrEqual(endTime);
}

/** Returns the stacks with a value of this sample type, and these values. */
function oneValue(profile: Profile, type: string): Record<string, unknown> {
  const row = profile.sampleTypes.findIndex((t) => profile.strings.get(t.type) === type);
  expect(row).toBeGreaterThanOrEqual(0);
  const entries = Object.entries(stacksOf(profile)).map(([stack, values]) => [stack, values[row]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== 0));
}

const REAL = [
  "v8-cpu.cpuprofile",
  "v8-heap.heapprofile",
  "converted/c-perf.txt",
  "converted/c-callgrind.out",
];

describe("tsprof convert", () => {
  it.each(REAL)("makes a profile.proto of %s with the same stacks and totals", async (name) => {
    const original = await readFile(fixture(name));
    const proto = await readFile(await convert(fixture(name), "pprof"));
    expect(totalsOf(proto)).toEqual(totalsOf(original));
    expect(stacksOf(proto, true)).toEqual(stacksOf(original, true));
  });

  it.each([
    ["v8-cpu.cpuprofile", "wall"],
    ["v8-heap.heapprofile", "space"],
    ["go-cpu.pb.gz", "cpu"],
    ["go-heap.pb.gz", "alloc_objects"],
    ["go-mutex.pb.gz", "delay"],
  ])("makes a file of speedscope of %s, and reads it back", async (name, type) => {
    const args = ["-sample_index", type, "-all_frames", "-symbolize=demangle=none"];
    const file = await convert(fixture(name), "speedscope", ...args);
    checkSpeedscope(readFileSync(file, "utf8"));
    const back = oneValue(await readFile(file), type);
    const original = oneValue(await readFile(fixture(name)), type);
    // The format uses addresses in place of missing names.
    const named = (stacks: Record<string, unknown>) =>
      Object.entries(stacks).filter(([stack]) => !/(^|;)(\?|0x[0-9a-f]+)(;|$)/.test(stack));
    expect(named(back)).toEqual(named(original));
    expect(named(back).length).toBeGreaterThan(5);
  });

  it("restores V8's own .cpuprofile from profile.proto, with its stacks and counts", async () => {
    const name = fixture("v8-cpu.cpuprofile");
    const file = await convert(await convert(name, "pprof"), "cpuprofile");
    checkCpuprofile(readFileSync(file, "utf8"));
    const [original, back] = [await readFile(name), await readFile(file)];
    expect(totalsOf(back)).toEqual(totalsOf(original));
    expect(stacksOf(back)).toEqual(stacksOf(original));
    // Functions with equal names must not be merged.
    const nameless = ({ functions, strings }: Profile) =>
      Array.from(functions.name as unknown as StringIndex[], (name) => strings.get(name)).filter(
        (name) => name.startsWith("(anonymous)"),
      ).length;
    expect(nameless(back)).toBe(nameless(original));
    expect(nameless(back)).toBeGreaterThan(5);
  });

  it("honours filters and the selected sample type", async () => {
    const file = fixture("go-cpu.pb.gz");
    const focused = await convert(file, "speedscope", "-focus", "main\\.", "-sample_index=samples");
    const { profiles } = JSON.parse(readFileSync(focused, "utf8"));
    const top = await tsprof([
      "proto",
      "-focus",
      "main\\.",
      "-output",
      path.join(folder, "f.pb.gz"),
      file,
    ]);
    expect(top.code).toBe(0);
    const [samples] = totalsOf(await readFile(path.join(folder, "f.pb.gz")));
    expect(profiles[0].endValue).toBe(samples);
    expect(profiles[0].name).toBe("samples in count");
  });

  it("writes folded stacks and callgrind as their commands do", async () => {
    const file = fixture("go-cpu-fast.pb.gz");
    for (const [to, ...options] of [["folded"], ["callgrind", "-unit=nanoseconds"]]) {
      const direct = path.join(folder, `direct.${to}`);
      const args = [to, ...options, "-output", direct, file];
      expect(await tsprof(args)).toMatchObject({ code: 0 });
      // Without namesakes and several binaries, only the number of calls differs.
      const expected = readFileSync(direct, "utf8").replaceAll("\ncalls=0 ", "\ncalls=1 ");
      expect(readFileSync(await convert(file, to), "utf8")).toBe(expected);
    }
  });

  it("reads compressed files, as every command does", async () => {
    for (const name of REAL) {
      const file = path.join(folder, "compressed");
      writeFileSync(file, gzipSync(readFileSync(fixture(name))));
      const plain = await tsprof(["top", fixture(name)]);
      expect(plain).toMatchObject({ code: 0, stderr: "" });
      expect((await tsprof(["top", file])).stdout).toBe(plain.stdout);
      expect(plain.stdout.split("\n").length).toBeGreaterThan(4);
    }
  });

  it.each([
    "go-cpu.pb.gz",
    "go-heap.pb.gz",
    "go-mutex.pb.gz",
    "v8-cpu.cpuprofile",
    "v8-heap.heapprofile",
    "converted/c-callgrind.out",
  ])("makes a file for callgrind's viewers with every unit of the total of %s", async (name) => {
    const row = name.endsWith("callgrind.out") ? 0 : -1;
    const file = await convert(
      fixture(name),
      "callgrind",
      ...(row === 0 ? ["-sample_index=Ir"] : []),
    );
    const [total] = totalsOf(await readFile(file));
    expect(total).toEqual(totalsOf(await readFile(fixture(name))).at(row));
    // Sum the cost lines without our own reader.
    const lines = readFileSync(file, "utf8").split("\n");
    const own = lines.filter((line, i) =>
      /^[+*-]/.test(line) || /^0x|^[0-9]/.test(line) ? !lines[i - 1].startsWith("calls=") : false,
    );
    const sum = own.reduce((sum, line) => sum + BigInt(line.split(" ").at(-1) ?? 0), 0n);
    expect(sum).toBe(BigInt(total));
  });

  it("reports impossible conversions", async () => {
    const file = fixture("go-cpu-fast.pb.gz");
    const wrong = await tsprof(["convert", "-to", "constructor", file]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/^tsprof: -to must be one of pprof, folded, /);
    const base = ["-diff_base", fixture("go-cpu-slow.pb.gz"), file];
    const negative = await tsprof(["convert", "-to", "speedscope", ...base]);
    expect(negative.code).not.toBe(0);
    expect(negative.stderr).toMatch(/negative values/);
  });
});

describe("random profiles", () => {
  const write = (profile: Profile) => buildConvertedTree(inputFor("convert", profile), "x");

  it("have the same totals in speedscope, in a valid file", async () => {
    await fc.assert(
      fc.asyncProperty(profileWithPositiveValues, async (bytes) => {
        const profile = await readProfile(bytes, gunzip, 1 << 24);
        const report = write(profile);
        const text = [...renderSpeedscope(report)].join("");
        checkSpeedscope(text);
        const back = await readText(text);
        const row = profile.sampleTypes.length - 1;
        expect(totalsOf(back)).toEqual([totalsOf(profile)[row]]);
      }),
      { seed, numRuns: 60 },
    );
  });

  it("have the same totals to within a microsecond in a .cpuprofile", async () => {
    await fc.assert(
      fc.asyncProperty(profileWithPositiveValues, async (bytes) => {
        const profile = await readProfile(bytes, gunzip, 1 << 24);
        const report = write(profile);
        const text = [...renderCpuprofile(report)].join("");
        checkCpuprofile(text);
        const row = profile.sampleTypes.length - 1;
        const factor = report.unit === "nanoseconds" ? 1 : 1000;
        const [, nanos] = totalsOf(await readText(text)).map(Number);
        const expected = Number(totalsOf(profile)[row]) * factor;
        expect(Math.abs(nanos - expected)).toBeLessThanOrEqual(500);
      }),
      { seed, numRuns: 60 },
    );
  });

  it("keep arbitrary names, without control characters for terminals", async () => {
    const names = ["\u001b[31m", "\u009b31m", "\u202ertl", '"quoted"\\', "é\ud83d\ude00", "a;b"];
    const bytes = encodeWithProtobufjs({
      string_table: ["", "cpu", "nanoseconds", ...names],
      sample_type: [{ type: 1, unit: 2 }],
      function: names.map((_, i) => ({ id: i + 1, name: i + 3 })),
      location: names.map((_, i) => ({ id: i + 1, line: [{ function_id: i + 1 }] })),
      sample: names.map((_, i) => ({ location_id: [i + 1], value: [1000 * (i + 1)] })),
    });
    const profile = await readProfile(bytes, gunzip, 1 << 24);
    const report = write(profile);
    for (const text of [renderSpeedscope(report), renderCpuprofile(report)]) {
      const whole = [...text].join("");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the test forbids control characters
      expect(whole).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
      const back = await readText(whole);
      expect(Object.keys(stacksOf(back)).sort()).toEqual([...names].sort());
    }
  });
});
