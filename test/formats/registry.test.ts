import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../src/formats/index.js";
import { readProfile, readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { ProfileError } from "../../src/profile/errors.js";
import { mappingsOf, readBytes, samplesOf } from "../support/addresses.js";
import { writeCpuProfile } from "../support/cpu-profile.js";
import { toPlain } from "../support/plain.js";
import { ROOT } from "../support/proto.js";

const FIXTURES = path.join(ROOT, "fixtures");
const LEGACY = path.join(FIXTURES, "legacy");

const files: [string, Uint8Array][] = [
  ["cpp-cpu.prof", readFileSync(path.join(FIXTURES, "cpp-cpu.prof"))],
  ["java-cpu", writeCpuProfile([[1, 2, 3]], "0x2 f (F.java:1)\n", undefined, { language: 1 })],
  ...[
    "v8-cpu.cpuprofile",
    "v8-heap.heapprofile",
    "converted/c-perf.txt",
    "converted/c-callgrind.out",
  ].map((name): [string, Uint8Array] => [
    path.basename(name),
    readFileSync(path.join(FIXTURES, name)),
  ]),
  [
    "hand-trace.json",
    Buffer.from('[{"name":"x","ph":"M"},{"name":"ProfileChunk","args":{"data":{}}}]'),
  ],
  [
    "hand-hermes.json",
    Buffer.from('{"traceEvents":[],"samples":[{"ts":"1","sf":1}],"stackFrames":{"1":{}}}'),
  ],
  [
    "hand-slices.json",
    Buffer.from('[{"ph":"B","name":"f (a.py:1)","ts":1},{"ph":"X","name":"g","ts":2,"dur":1}]'),
  ],
  [
    "hand-stackprof.json",
    Buffer.from(
      '{"mode":"wall","interval":9,"samples":1,"frames":{"1":{"name":"f","edges":{"1":2}}},"raw":[1,1,1]}',
    ),
  ],
  [
    "hand-node-prof.json",
    Buffer.from(
      '{"code":[{"name":"f a.js:1:1","type":"JS"}],"functions":[],"ticks":[{"tm":1,"s":[0,1]}]}',
    ),
  ],
  [
    "hand-goroutines.txt",
    Buffer.from("goroutine 1 [select, 2 minutes]:\nmain.main()\n\t/a.go:5 +0x1\n"),
  ],
  ...["firefox.json.gz", "firefox-raw.json.gz"].map((name): [string, Uint8Array] => [
    name.replace(/\.gz$/, ""),
    gunzipSync(readFileSync(path.join(FIXTURES, "converted", name))),
  ]),
  [
    "hand-heap-snapshot.json",
    Buffer.from(
      '{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],' +
        '"node_types":[["object"]],"edge_fields":["type","name_or_index","to_node"],' +
        '"edge_types":[["property"]]}},"nodes":[0,0,1,8,0],"edges":[],"strings":["Object"]}',
    ),
  ],
  [
    "hand-speedscope.json",
    Buffer.from(
      '{"shared":{"frames":[]},"profiles":[{"type":"evented","unit":"none","events":[]}]}',
    ),
  ],
  ["hand.folded", Buffer.from("main;work;leaf 12\nmain;work 3\nidle 1\n")],
  ["hand-differences.folded", Buffer.from("main;work;leaf 12 14\nmain;work 3 0\n")],
  ...readdirSync(LEGACY).map((name): [string, Uint8Array] => [
    name,
    readFileSync(path.join(LEGACY, name)),
  ]),
];

const FORMAT_OF: [pattern: RegExp, format: string][] = [
  [/^cpp-cpu/, "CPU profile of gperftools"],
  [/^java-cpu/, "CPU profile of Java"],
  [/heap\b.*txt|cpp-(heap|growth)|fragmentation/, "heap profile"],
  [/go-(goroutine|threadcreate)/, "count profile"],
  [/go-(block|mutex)|contentionz/, "contention profile"],
  [/threadz/, "thread profile"],
  [/hand-java/, "Java profile"],
  [/folded/, "folded stacks"],
  [/v8-cpu/, "V8 CPU profile"],
  [/v8-heap/, "V8 heap profile"],
  [/c-perf/, "perf script output"],
  [/callgrind/, "callgrind profile"],
  [/trace/, "Chrome trace"],
  [/hand-slices/, "Chrome trace"],
  [/stackprof/, "stackprof profile"],
  [/node-prof/, "node --prof profile"],
  [/hand-goroutines/, "goroutine dump"],
  [/hermes/, "Hermes profile"],
  [/heap-?snapshot/, "V8 heap snapshot"],
  [/speedscope/, "speedscope profile"],
  [/^firefox/, "Firefox profile"],
  [/^firefox-raw/, "Firefox profile (raw)"],
];

const readable = files.filter(([name]) => name !== "go-threadcreate.debug1.txt");

describe("the registry of formats", () => {
  it.each(files)("detects %s by content, with only one format", (name, bytes) => {
    const found = FORMATS.filter((format) => format.detect(bytes)).map((format) => format.name);
    const format = FORMAT_OF.filter(([pattern]) => pattern.test(name)).at(-1);
    expect(found).toEqual([format?.[1]]);
  });

  it("detects no format in profile.proto, a program, other JSON, or empty input", () => {
    for (const name of ["go-heap.pb.gz", "expected/cases.json", "README.md", "remake.sh"]) {
      const bytes = readFileSync(path.join(FIXTURES, name));
      expect(FORMATS.filter((format) => format.detect(bytes))).toEqual([]);
    }
    expect(FORMATS.filter((format) => format.detect(new Uint8Array()))).toEqual([]);
  });

  it.each(readable)("knows whether pprof reads the format of %s", async (name, bytes) => {
    const { format } = await readWithFormat(bytes, gunzip, 1 << 28);
    const isOthers =
      /^(v8-|c-|firefox|.*folded|hand-(trace|slices|hermes|heap-snapshot|speedscope|stackprof|node-prof|goroutines))/.test(
        name,
      );
    expect(format.isPprofs).toBe(!isOthers);
  });

  it("knows that profile.proto is pprof's format", async () => {
    const bytes = readFileSync(path.join(FIXTURES, "go-heap.pb.gz"));
    const { format } = await readWithFormat(bytes, gunzip, 1 << 28);
    expect(format).toMatchObject({ name: "profile.proto", isPprofs: true });
  });

  it("gives each format a unique name", () => {
    expect(new Set(FORMATS.map(({ name }) => name)).size).toBe(FORMATS.length);
  });
});

describe("real files of old formats", () => {
  it.each(readable)("%s gives the same result if compressed", async (_, bytes) => {
    const plain = toPlain(await readBytes(bytes));
    expect(toPlain(await readProfile(gzipSync(bytes), gunzip, 1 << 26))).toEqual(plain);
    const members = [bytes.subarray(0, 1), bytes.subarray(1)].map((part) => gzipSync(part));
    const twice = await readProfile(Buffer.concat(members), gunzip, 1 << 26);
    expect(toPlain(twice)).toEqual(plain);
  });

  it("go-threadcreate.debug1.txt is refused, as by pprof", async () => {
    const bytes = readFileSync(path.join(LEGACY, "go-threadcreate.debug1.txt"));
    await expect(readBytes(bytes)).rejects.toThrow("malformed threadcreate profile: line 2");
  });

  it("a gperftools CPU profile has samples in all of its binaries", async () => {
    const profile = await readBytes(files[0][1]);
    const mappings = mappingsOf(profile).map((line) => line.split(" ")[2]);
    expect(mappings[0]).toBe("starmap");
    expect(mappings).toContain("/usr/lib/x86_64-linux-gnu/libc.so.6");
    expect(samplesOf(profile).length).toBeGreaterThan(100);
    const used = new Set<number>();
    for (let i = 0; i < profile.locations.length; i++) used.add(profile.locations.mapping[i]);
    expect(used.size).toBeGreaterThan(2);
  });

  it("stop at the limit", async () => {
    const heap = `heap profile: 1: 1 [1: 1] @ growth\n${"1: 1 [1: 1] @\n".repeat(70_000)}`;
    await expect(readBytes(Buffer.from(heap), 1 << 20)).rejects.toThrow("needs more than 1 MB");
    const empty = Array.from({ length: 100_000 }, () => [1]);
    const cpu = writeCpuProfile(empty, "", { bytes: 4, littleEndian: true });
    await expect(readBytes(cpu, 1 << 20)).rejects.toThrow("needs more than 1 MB");
  });

  it("give a profile or an error of one line if bytes are changed", async () => {
    const small = readable.filter(([, bytes]) => bytes.length < 10_000);
    const change = fc.tuple(fc.nat(), fc.nat(255));
    const seen = { profile: 0, error: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...small),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async ([, bytes], changes, cut) => {
          const broken = Uint8Array.from(bytes);
          for (const [at, value] of changes) broken[at % broken.length] = value;
          const part = cut % 4 === 0 ? broken.subarray(0, cut % broken.length) : broken;
          try {
            toPlain(await readBytes(part));
            seen.profile++;
          } catch (error) {
            expect(error).toBeInstanceOf(ProfileError);
            expect((error as Error).message).not.toContain("\n");
            seen.error++;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(seen.profile).toBeGreaterThan(100);
    expect(seen.error).toBeGreaterThan(100);
  });
});

describe("long lines, and lines of long numbers", () => {
  const million = 1_000_000;
  const heap = "heap profile: 1: 1 [1: 1] @ growth\n";
  it.each([
    ["digits", heap + "1".repeat(million)],
    ["digits behind a count", `${heap}1: ${"1".repeat(million)}`],
    ["spaces", `${heap}1:${" ".repeat(million)}x`],
    ["numbers of a contention", `--- mutex:\n${"1 ".repeat(million / 2)} x @`],
    ["an attribute", `--- mutex:\ncycles/second=${"9".repeat(million)}`],
    ["a count", `goroutine profile: total 1\n${"9".repeat(million)} @ 0x1`],
    ["threads in a name", `--- threadz 1 ---\n${"--- Thread 1 (name: ".repeat(50_000)}`],
    ["a header", `heap profile: ${"1".repeat(million)}`],
    ["a line", `${heap}${"x".repeat(2 * million)}`],
  ])("are refused quickly: %s", async (_, text) => {
    const start = performance.now();
    await expect(readBytes(Buffer.from(text))).rejects.toThrow(ProfileError);
    // Quadratic time would be hours.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("are read in linear time if they are valid", async () => {
    const names = `0x1 ${" (".repeat(million / 4)}:1)\n0x1 ${":1".repeat(million / 4)})\n`;
    const java = `--- heapz 1 ---\nresolution=bytes\n1 1 @ 0x1\n${names}`;
    const start = performance.now();
    expect((await readBytes(Buffer.from(java))).functions.length).toBe(1);
    const deep = `goroutine profile: total 1\n1 @${" 0x1".repeat(million / 4 - 2)}\n`;
    expect((await readBytes(Buffer.from(deep))).samples.stackLocations.length).toBe(249_998);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
