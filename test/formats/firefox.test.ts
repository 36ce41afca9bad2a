import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { int64At, uint64At } from "../../src/profile/columns.js";
import { ProfileError } from "../../src/profile/errors.js";
import type { StringIndex } from "../../src/profile/indices.js";
import type { Profile } from "../../src/profile/profile.js";
import { mappingsOf, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { stacksOf, totalsOf } from "../support/stacks.js";

const FIXTURES = path.join(ROOT, "fixtures/converted");
const fixture = (name: string) =>
  JSON.parse(gunzipSync(readFileSync(path.join(FIXTURES, name))).toString());

const read = (value: unknown, limit = 1 << 26) =>
  readWithFormat(Buffer.from(JSON.stringify(value)), gunzip, limit);

const textOf = ({ strings }: Profile, index: StringIndex) => strings.get(index);

/** Returns the label sets of samples, as `key=value` separated by blanks, with the sums of a type. */
function labelsOf(profile: Profile, type = 0): Record<string, number> {
  const { labels, samples } = profile;
  const sums: Record<string, number> = {};
  for (let sample = 0; sample < samples.length; sample++) {
    const words: string[] = [];
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      const value = textOf(profile, labels.text[row]) || String(labels.number[row]);
      words.push(`${textOf(profile, labels.key[row])}=${value}`);
    }
    const key = words.join(" ");
    sums[key] = (sums[key] ?? 0) + Number(int64At(samples.values[type], sample));
  }
  return sums;
}

/** Returns the functions as `name file:line:column`. */
function functionsOf(profile: Profile): string[] {
  const { functions } = profile;
  return Array.from({ length: functions.length }, (_, row) => {
    const [name, file] = [functions.name[row], functions.filename[row]].map((i) =>
      textOf(profile, i),
    );
    return `${name} ${file}:${int64At(functions.startLine, row)}:${int64At(functions.startColumn, row)}`;
  });
}

/** A profile in the layout of the newest version, of code without libraries. */
function processed(threads: object[], fields: object = {}, shared: object = {}) {
  return {
    meta: {
      interval: 1,
      startTime: 1000,
      preprocessedProfileVersion: 70,
      sampleUnits: { time: "ms", eventDelay: "ms", threadCPUDelta: "µs" },
      categories: [{ name: "Other" }, { name: "Idle" }, { name: "JavaScript" }],
      ...fields,
    },
    libs: [
      {
        name: "app",
        path: "/srv/app",
        debugName: "app",
        breakpadId: "0A0D0C0B",
        codeId: "0b0c0d0a5c19eadf8043f203b4525be9be3dcb95",
      },
    ],
    shared: {
      stringArray: ["main", "work", "wait", "file:///srv/a.js", "0x10", "inner"],
      stackTable: { length: 3, frame: [0, 1, 2], prefixOffset: [0, 1, 2] },
      frameTable: {
        length: 5,
        func: [0, 1, 2, 3, 4],
        address: [-1, -1, -1, 16, 16],
        lib: [-1, -1, -1, 0, 0],
        inlineDepth: [0, 0, 0, 0, 1],
        category: [0, 2, 1, null, null],
        line: [3, 8, null, null, null],
        column: [5, 9, null, null, null],
      },
      funcTable: {
        length: 5,
        name: [0, 1, 2, 4, 5],
        resource: [-1, -1, -1, 0, 0],
        source: [0, 0, null, null, null],
        lineNumber: [1, 7, null, null, null],
        columnNumber: [1, 2, null, null, null],
      },
      resourceTable: { length: 1, name: [0], host: [null], type: [1] },
      sources: { length: 1, id: [null], filename: [3] },
      ...shared,
    },
    threads,
  };
}

const thread = (samples: object, fields: object = {}) => ({
  name: "main",
  processName: "app",
  pid: "5",
  tid: 6,
  samples: { weight: null, weightType: "samples", ...samples },
  ...fields,
});

describe("profiles of the Firefox Profiler", () => {
  it("have the samples, wall times and CPU times of the file", async () => {
    const file = fixture("firefox.json.gz");
    const { profile, format, warnings } = await read(file);
    expect(format.name).toBe("Firefox profile");
    expect(warnings).toEqual([]);
    expect(typesOf(profile)).toEqual(["samples/count", "wall/nanoseconds", "cpu/nanoseconds"]);
    let [samples, wall, cpu] = [0, 0, 0];
    for (const { samples: table } of file.threads) {
      const { stack, timeDeltas, threadCPUDelta } = table;
      samples += stack.length;
      wall += timeDeltas.slice(1).reduce((a: number, b: number) => a + b, 0) + file.meta.interval;
      cpu += Math.min(threadCPUDelta[0], file.meta.interval * 1e6);
      for (const delta of threadCPUDelta.slice(1)) cpu += delta;
    }
    const totals = totalsOf(profile).map(Number);
    expect([totals[0], totals[2]]).toEqual([samples, cpu]);
    expect(Math.abs(totals[1] - wall * 1e6)).toBeLessThan(10);
    expect(textOf(profile, profile.defaultSampleType)).toBe("cpu");
    expect(profile.observations?.length).toBe(samples);
  });

  it("have the functions, files and lines of the file", async () => {
    const { shared, threads } = fixture("firefox.json.gz");
    const { stackTable, frameTable, funcTable, stringArray } = shared;
    const counts = new Map<string, number>();
    for (const { samples } of threads) {
      for (const stack of samples.stack) {
        const names: string[] = [];
        for (let at = stack; ; at -= stackTable.prefixOffset[at]) {
          const frame = stackTable.frame[at];
          const fn = frameTable.func[frame];
          const name = stringArray[funcTable.name[fn]];
          const line = frameTable.line[frame] ?? funcTable.lineNumber[fn] ?? 0;
          if (name.startsWith("0x")) names.unshift("?");
          else if (name !== "(root)") names.unshift(`${name}:${line}`);
          if (stackTable.prefixOffset[at] === 0) break;
        }
        const key = names.join(";");
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const { profile } = await read(fixture("firefox.json.gz"));
    const read1 = Object.entries(stacksOf(profile, true)).map(([key, [count]]) => [key, count]);
    expect(Object.fromEntries(read1)).toEqual(Object.fromEntries(counts));
    const functions = functionsOf(profile);
    expect(functions).toContain("spin /srv/shop/page.html:3:14");
    expect(functions).toContain("layout /srv/shop/page.html:4:16");
  });

  it("identify threads, processes and categories by labels", async () => {
    const labels = Object.keys(labelsOf((await read(fixture("firefox.json.gz"))).profile));
    const ids = ["tid=13387 pid=13387", "tid=13344 pid=13294"];
    expect(labels).toContain(`thread=GeckoMain process=file:// Content ${ids[0]} category=Layout`);
    expect(labels.filter((set) => set.startsWith("thread=Compositor"))).toEqual([
      `thread=Compositor process=Parent Process ${ids[1]} category=Idle`,
    ]);
  });

  it("have the libraries with build ids, the program first", async () => {
    const { profile } = await read(fixture("firefox.json.gz"));
    const mappings = mappingsOf(profile);
    expect(mappings[0]).toBe(
      "0-fffffffffffffffe @0 /usr/lib/firefox-esr/firefox-esr 12aab76e126b826e24f61bdd9b052a56da2297f9",
    );
    expect(mappings.some((line) => / \/\S+\/libxul\.so [\da-f]{40}$/.test(line))).toBe(true);
  });

  it("are equal to the raw profiles that Firefox writes", async () => {
    const { profile } = await read(fixture("firefox.json.gz"));
    const raw = await read(fixture("firefox-raw.json.gz"));
    expect(raw.format.name).toBe("Firefox profile (raw)");
    expect(raw.warnings).toEqual([]);
    expect(stacksOf(raw.profile, true)).toEqual(stacksOf(profile, true));
    expect(labelsOf(raw.profile, 2)).toEqual(labelsOf(profile, 2));
    expect(functionsOf(raw.profile).sort()).toEqual(functionsOf(profile).sort());
    expect(mappingsOf(raw.profile).sort()).toEqual(mappingsOf(profile).sort());
    expect(addressesOf(raw.profile)).toEqual(addressesOf(profile));
    expect(raw.profile.timeNanos).toBe(profile.timeNanos);
    expect(raw.profile.observations?.time).toEqual(profile.observations?.time);
  });

  it("are read in all versions since 2020", async () => {
    const newest = await read(fixture("firefox.json.gz"));
    for (const version of [66, 60, 58, 56, 41, 28]) {
      const { profile } = await read(inVersion(version));
      expect(stacksOf(profile, true), String(version)).toEqual(stacksOf(newest.profile, true));
      expect(labelsOf(profile, 2)).toEqual(labelsOf(newest.profile, 2));
      expect(functionsOf(profile)).toEqual(functionsOf(newest.profile));
      expect(mappingsOf(profile).sort()).toEqual(mappingsOf(newest.profile).sort());
    }
  });

  it("may have several lines at an address, for inlined calls", async () => {
    const stackTable = { frame: [0, 3, 4], prefixOffset: [0, 1, 1] };
    const stringArray = ["main", "work", "wait", "s", "outer", "inner"];
    const samples = { stack: [2, 1], time: [0, 1] };
    const { profile } = await read(processed([thread(samples)], {}, { stackTable, stringArray }));
    expect(stacksOf(profile)).toEqual({
      "main;outer": [1, 1_000_000],
      "main;outer;inner": [1, 1_000_000],
    });
    expect(profile.locations.length).toBe(3);
    expect(addressesOf(profile)).toEqual(["0", "10 /srv/app", "10 /srv/app"]);
  });

  it("prefer positions before compilation", async () => {
    const file = processed([thread({ stack: [1], timeDeltas: [0] })]);
    const stringArray = [...file.shared.stringArray, "webpack:///a.ts"];
    const sources = { length: 2, id: [null, null], filename: [3, 6] };
    const sourceLocationTable = { source: [1, 1], line: [20, 22], column: [4, 6], length: 2 };
    const funcTable = { ...file.shared.funcTable, originalLocation: [null, 0, null, null, null] };
    const frameTable = { ...file.shared.frameTable, originalLocation: [null, 1, null, null, null] };
    const shared = { stringArray, sources, sourceLocationTable, funcTable, frameTable };
    const { profile } = await read(processed(file.threads, {}, shared));
    expect(Object.keys(stacksOf(profile, true))).toEqual(["main:3;work:22"]);
    expect(functionsOf(profile)).toContain("work webpack:///a.ts:20:4");
  });
});

describe("profiles of samply", () => {
  it("have weights, CPU times and addresses without symbols", async () => {
    const stackTable = { frame: [0, 3, 2], prefixOffset: [0, 1, 2] };
    const samples = {
      stack: [1, 1, 2, null, 1],
      timeDeltas: [10, 1, 1, 5, 1],
      weight: [1, 1, 5, 1, 1],
      threadCPUDelta: [900, 1000, 0, 0, 1000],
    };
    const file = processed([thread(samples)], {}, { stackTable });
    const { profile } = await read(file);
    // A sample without a stack only ends the one before.
    expect(stacksOf(profile)).toEqual({
      "main;?": [3, 3_000_000, 2_900_000],
      "main;wait": [5, 5_000_000, 0],
    });
    expect(addressesOf(profile)).toEqual(["0", "0", "10 /srv/app"]);
    expect(mappingsOf(profile)).toEqual([
      "0-fffffffffffffffe @0 /srv/app 0b0c0d0a5c19eadf8043f203b4525be9be3dcb95",
    ]);
    expect(profile.mappings.flags[0]).toBe(0);
    expect([...(profile.observations?.time ?? [])]).toEqual([0, 1e6, 2e6, 8e6]);
    expect(profile.timeNanos).toBe(1_010_000_000);
    expect(profile.durationNanos).toBe(9_000_000);
  });

  it("need no symbols if they have all of them", async () => {
    const stackTable = { frame: [3], prefixOffset: [0] };
    const file = processed(
      [thread({ stack: [0], time: [0] })],
      { symbolicated: true },
      { stackTable },
    );
    expect((await read(file)).profile.mappings.flags[0]).not.toBe(0);
  });
});

describe("CPU times of Firefox profiles", () => {
  const cpu = { stack: [1, 2], time: [0, 1], threadCPUDelta: [9_000_000, 400] };

  it("count at most one interval for the first sample, which may include earlier time", async () => {
    const { profile } = await read(processed([thread(cpu)]));
    expect(totalsOf(profile)).toEqual([2, 2_000_000, 1_400_000]);
  });

  it("may be nanoseconds, microseconds or cycles", async () => {
    const units = (threadCPUDelta: string) => ({ sampleUnits: { time: "ms", threadCPUDelta } });
    const nanos = await read(processed([thread(cpu)], units("ns")));
    expect(totalsOf(nanos.profile)[2]).toBe(1_000_400);
    const cycles = await read(processed([thread(cpu)], units("variable CPU cycles")));
    expect(typesOf(cycles.profile)[2]).toBe("cpu/cycles");
    expect(totalsOf(cycles.profile)[2]).toBe(400);
  });

  it("are left out if no thread has any", async () => {
    const none = { ...cpu, threadCPUDelta: [0, null] };
    const { profile } = await read(processed([thread(none)]));
    expect(typesOf(profile)).toEqual(["samples/count", "wall/nanoseconds"]);
    expect(textOf(profile, profile.defaultSampleType)).toBe("wall");
    const { profile: old } = await read(processed([thread(cpu)], { sampleUnits: undefined }));
    expect(typesOf(old)).toEqual(["samples/count", "wall/nanoseconds"]);
  });

  it("may be missing in some threads, which a warning counts", async () => {
    const java = thread({ stack: [0], time: [0] }, { name: "AndroidUI (JVM)", tid: 7 });
    const { warnings } = await read(processed([thread(cpu), java]));
    expect(warnings).toEqual([
      "1 thread has no CPU times; -sample_index=wall includes such threads",
    ]);
  });
});

describe("other values in Firefox profiles", () => {
  it("may be durations of traces", async () => {
    const samples = { stack: [0, 1], time: [0, 2], weight: [2, 0.5], weightType: "tracing-ms" };
    const { profile } = await read(processed([thread(samples)]));
    expect(stacksOf(profile)).toEqual({ main: [1, 2_000_000], "main;work": [1, 500_000] });
    expect([...(profile.observations?.duration ?? [])]).toEqual([2_000_000, 500_000]);
  });

  it("may be sizes", async () => {
    const samples = { stack: [0, 1], time: [0, 20], weight: [20, 5], weightType: "bytes" };
    const { profile } = await read(processed([thread(samples)]));
    expect(typesOf(profile)).toEqual(["space/bytes"]);
    expect(stacksOf(profile)).toEqual({ main: [20], "main;work": [5] });
    expect(profile.observations).toBeUndefined();
  });

  it("may be allocations, of JavaScript and native, with those that were not freed", async () => {
    const jsAllocations = { stack: [1], time: [1], weight: [64], className: ["Array"] };
    const nativeAllocations = {
      stack: [0, 1, 0, null],
      time: [1, 2, 3, 4],
      weight: [100, 30, -100, 5],
      memoryAddress: [1, 2, 1, 3],
    };
    const fields = { jsAllocations, nativeAllocations };
    const { profile } = await read(processed([thread({ stack: [0], time: [0] }, fields)]));
    expect(typesOf(profile).slice(2)).toEqual([
      "js_alloc_space/bytes",
      "alloc_space/bytes",
      "inuse_space/bytes",
    ]);
    expect(stacksOf(profile)).toEqual({
      main: [1, 1_000_000, 0, 100, 0],
      "main;work": [0, 0, 64, 30, 30],
    });
    expect(textOf(profile, profile.defaultSampleType)).toBe("wall");
  });
});

describe("raw Firefox profiles", () => {
  const schema = (...names: string[]) => Object.fromEntries(names.map((name, i) => [name, i]));
  const rawThread = (locations: string[], samples: unknown[][], fields: object = {}) => ({
    name: "GeckoMain",
    processType: "default",
    pid: 1,
    tid: 1,
    samples: { schema: schema("stack", "time", "responsiveness"), data: samples },
    stackTable: {
      schema: schema("prefix", "frame"),
      data: locations.map((_, i) => [i === 0 ? null : i - 1, i]),
    },
    frameTable: {
      schema: schema("location", "relevantForJS", "implementation", "line", "column", "category"),
      data: locations.map((_, i) => [i]),
    },
    stringTable: locations,
    ...fields,
  });
  const raw = (threads: object[], fields: object = {}) => ({
    meta: { version: 20, interval: 1, startTime: 1000 },
    libs: [{ start: 4096, end: 8192, offset: 256, name: "lib.so", breakpadId: "A" }],
    threads,
    ...fields,
  });

  it("have the addresses of calls, and of the last frame", async () => {
    const { profile } = await read(
      raw([
        rawThread(
          ["(root)", "0x1100", "0x9000"],
          [
            [1, 0],
            [2, 1],
          ],
        ),
      ]),
    );
    expect(addressesOf(profile)).toEqual(["1ff lib.so", "200 lib.so", "9000"]);
    expect(stacksOf(profile)).toEqual({ "?": [1, 1_000_000], "?;?": [1, 1_000_000] });
  });

  it("have functions of scripts, labels, and native code that was symbolicated", async () => {
    const locations = [
      "Startup::XRE_Main",
      "work (http://x/a (1).js:10:4)[3]",
      "file:///srv/loader.js -> chrome://b.js:1",
      "nsFoo::Bar(int) (in XUL) (Bar.cpp:12)",
      "IPC (message)",
    ];
    const { profile } = await read(raw([rawThread(locations, [[4, 0]])]));
    expect(functionsOf(profile)).toEqual([
      "Startup::XRE_Main :0:0",
      "work http://x/a (1).js:10:4",
      "(root scope) chrome://b.js chrome://b.js:1:0",
      "nsFoo::Bar(int) :0:0",
      "IPC (message) :0:0",
    ]);
  });

  it("find the scripts of locations without a URL by number", async () => {
    const sources = {
      schema: schema("id", "filename"),
      data: [
        ["x", "a.js"],
        ["y", "b.js"],
      ],
    };
    const { profile } = await read(raw([rawThread(["work (:1:2)[1]"], [[0, 0]])], { sources }));
    expect(functionsOf(profile)).toEqual(["work b.js:1:2"]);
  });

  it("contain other processes, which began later", async () => {
    const child = raw([rawThread(["g"], [[0, 1]], { processType: "tab", pid: 2, tid: 2 })], {
      meta: { version: 20, startTime: 1500 },
    });
    const { profile } = await read(raw([rawThread(["f"], [[0, 0]])], { processes: [child] }));
    expect([...(profile.observations?.time ?? [])]).toEqual([0, 501_000_000]);
    expect(labelsOf(profile)).toEqual({
      "thread=GeckoMain process=default tid=1 pid=1": 1,
      "thread=GeckoMain process=tab tid=2 pid=2": 1,
    });
  });

  it("may have allocations in markers", async () => {
    const stack = { samples: { schema: schema("stack", "time"), data: [[0, 3]] } };
    const data = [
      [0, 1, { type: "Native allocation", size: 40, memoryAddress: 1, stack }],
      [0, 2, { type: "JS allocation", size: 8, stack }],
      [0, 2, { type: "Log", stack: "at f" }],
      [0, 2, null],
    ];
    const markers = { schema: schema("name", "startTime", "data"), data };
    const { profile } = await read(raw([rawThread(["f"], [[0, 0]], { markers })]));
    expect(stacksOf(profile)).toEqual({ f: [1, 1_000_000, 8, 40, 40] });
  });

  it("are refused in one line if damaged", async () => {
    const good = rawThread(["f"], [[0, 0]]);
    const cases: [object, RegExp][] = [
      [raw([{ ...good, stringTable: 5 }]), /stringTable is not a list/],
      [raw([{ ...good, frameTable: { schema: { location: "x" }, data: [[0]] } }]), /position/],
      [raw([{ ...good, stackTable: { schema: schema("prefix", "frame"), data: [5] } }]), /a row/],
      [raw([rawThread(["f"], [[7, 0]])]), /a stack does not exist/],
      [raw([rawThread(["f"], [[0, null]])]), /time of a sample is out of range/],
      [raw([good], { libs: [{ start: -0.5 }] }), /whole number/],
      [raw([]), /no thread has samples/],
    ];
    await expectRefused(cases);
  });
});

describe("damaged Firefox profiles", () => {
  const good = thread({ stack: [1], time: [0] });

  it("are refused in one line", async () => {
    const cases: [object, RegExp][] = [
      [processed([]), /no thread has samples/],
      [processed([thread({ stack: [null], time: [0] })]), /no thread has samples/],
      [processed([thread({ stack: [9], time: [0] })]), /a stack does not exist/],
      [processed([thread({ stack: [0], time: [0, 1] })]), /different lengths/],
      [processed([thread({ stack: [0], time: ["x"] })]), /time of a sample is out of range/],
      [processed([thread({ stack: [0], weight: [1e300] })]), /value of a sample/],
      [processed([thread({ stack: [0] }, { samples: 5 })]), /samples is not an object/],
      [processed([good], {}, { stackTable: { frame: [0], prefixOffset: [1] } }), /out of range/],
      [processed([good], {}, { stackTable: { frame: [0, 1], prefix: [1, 0] } }), /form a cycle/],
      [processed([good], {}, { stackTable: { frame: [0, 9], prefix: [null, 0] } }), /a frame/],
      [processed([good], {}, { stackTable: { frame: [0, null], prefix: [null, 0] } }), /no frame/],
      [processed([good], {}, { stringArray: [] }), /a string does not exist/],
      [processed([good], {}, { stringArray: undefined }), /stringArray is not a list/],
      [{ ...processed([good]), libs: [5] }, /a library is not an object/],
    ];
    await expectRefused(cases);
  });

  it("may be deep, and are refused if their stacks do not fit in memory", async () => {
    const depth = 50_000;
    const ones = Array.from({ length: depth }, (_, i) => Math.min(i, 1));
    const stackTable = { frame: ones.map(() => 1), prefixOffset: ones };
    const samples = { stack: [depth - 1], time: [0] };
    const { profile } = await read(processed([thread(samples)], {}, { stackTable }));
    expect(profile.samples.stackLocations.length).toBe(depth);
    const all = { stack: ones.map((_, i) => i), time: ones.map((_, i) => i) };
    await expect(read(processed([thread(all)], {}, { stackTable }))).rejects.toThrow(
      /needs more than 64 MB/,
    );
  });
});

async function expectRefused(cases: readonly [object, RegExp][]): Promise<void> {
  for (const [value, why] of cases) {
    await expect(read(value), String(why)).rejects.toThrow(ProfileError);
    await expect(read(value), String(why)).rejects.toThrow(why);
  }
}

/** Returns the addresses of locations, with the files of their mappings, sorted. */
function addressesOf(profile: Profile): string[] {
  const { locations, mappings } = profile;
  return Array.from({ length: locations.length }, (_, row) => {
    const mapping = locations.mapping[row];
    const file = mapping >= 0 ? ` ${textOf(profile, mappings.file[mapping])}` : "";
    return `${uint64At(locations.address, row).toString(16)}${file}`;
  }).sort();
}

/** Returns the fixture in an older version of the format, by the changes that its changelog lists. */
function inVersion(version: number) {
  const file = fixture("firefox.json.gz");
  const { meta, shared, threads, libs } = file;
  meta.preprocessedProfileVersion = version;
  const { frameTable, funcTable, resourceTable, stackTable, sources, stringArray } = shared;
  // 70: libraries moved from resources to frames.
  resourceTable.lib = resourceTable.name.map(() => null);
  frameTable.func.forEach((fn: number, frame: number) => {
    if (funcTable.resource[fn] >= 0 && frameTable.lib[frame] >= 0) {
      resourceTable.lib[funcTable.resource[fn]] = frameTable.lib[frame];
    }
  });
  delete frameTable.lib;
  if (version < 66) {
    const prefix = stackTable.prefixOffset.map((offset: number, i: number) =>
      offset === 0 ? null : i - offset,
    );
    delete stackTable.prefixOffset;
    Object.assign(stackTable, { prefix });
  }
  if (version < 58) {
    funcTable.fileName = funcTable.source.map((source: number | null) =>
      source === null ? null : sources.filename[source],
    );
    delete funcTable.source;
    delete shared.sources;
  }
  if (version < 53) {
    const { category: ofFrame } = frameTable;
    stackTable.category = stackTable.frame.map((frame: number) => ofFrame[frame]);
    stackTable.category.forEach((category: number | null, stack: number) => {
      stackTable.category[stack] = category ?? stackTable.category[stackTable.prefix[stack]] ?? 0;
    });
    frameTable.category = ofFrame.map(() => null);
  }
  for (const thread of threads) {
    const { samples } = thread;
    if (version < 50) {
      let time = 0;
      samples.time = samples.timeDeltas.map((delta: number) => {
        time += delta;
        return time;
      });
      delete samples.timeDeltas;
    }
    if (version < 60) Object.assign(thread, { stackTable, frameTable, funcTable, resourceTable });
    if (version < 56) Object.assign(thread, { stringArray });
    if (version < 41) Object.assign(thread, { libs });
    if (version < 29) delete samples.weightType;
  }
  return version < 60
    ? {
        ...file,
        libs: version < 41 ? undefined : libs,
        shared: version < 56 ? undefined : { stringArray, sources },
      }
    : file;
}
