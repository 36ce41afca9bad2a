import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { ProfileError } from "../../src/profile/errors.js";
import { readText, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { flatAndCum, labelledStacksOf, stacksOf, totalsOf } from "../support/stacks.js";

interface Recording {
  readonly code: { name: string; type: string }[];
  readonly ticks: { tm: number; vm: number; s: number[] }[];
}

const recorded = () =>
  gunzipSync(readFileSync(path.join(ROOT, "fixtures/recorded/js-node-prof.json.gz")));

const read = (value: unknown, limit = 1 << 26) =>
  readWithFormat(Buffer.from(JSON.stringify(value)), gunzip, limit);

const script = (name: string, kind: string, func: number, source?: object) => ({
  ...{ name, type: "JS", kind, func, tm: 1 },
  ...(source && { source }),
});

const SOURCE = "function run() {\n  step();\n}\nfunction step() {\n  return 1;\n}\n";

/** A profile as V8's tick processor writes it, with an inlined function. */
const PROFILE = {
  code: [
    { name: "/usr/bin/node", type: "SHARED_LIB" },
    { name: "node::fs::Read(v8::Local<v8::Value>)", type: "CPP" },
    { name: "ArrayMap", timestamp: 7, type: "CODE", kind: "Builtin" },
    script(" file:///app/a%20b.js:1:1", "Unopt", 0),
    script("run file:///app/a%20b.js:1:13", "Opt", 1, {
      ...{ script: 1, start: 12, end: 28, positions: "C0O12C10O19C20O49I0" },
      ...{ inlined: "F0O19", fns: [2] },
    }),
    script("step file:///app/a%20b.js:4:14", "Unopt", 2, {
      ...{ script: 1, start: 41, end: 59, positions: "C0O42C5O49", inlined: "", fns: [] },
    }),
    script("get size node:internal/list:30:11", "Sparkplug", 3),
  ],
  functions: [
    { name: " file:///app/a%20b.js:1:1", codes: [3] },
    { name: "run file:///app/a%20b.js:1:13", codes: [4] },
    { name: "step file:///app/a%20b.js:4:14", codes: [5] },
    { name: "get size node:internal/list:30:11", codes: [6] },
  ],
  ticks: [
    { tm: 1000, vm: 0, s: [4, 25, 3, 5] },
    { tm: 2000, vm: 0, s: [5, 5, 4, 20, -1, 99, 3, 5] },
    { tm: 3500, vm: 6, s: [1, 7, 6, 5, 3, 5] },
    { tm: 4000, vm: 1, s: [-1, 7, 2, 9] },
    { tm: 6000, vm: 1, s: [0, 7, 3, 5] },
    { tm: 6100, vm: 8, s: [-1, 7] },
    { tm: 6500, vm: 5, s: [] },
  ],
  scripts: [null, { name: "a b", url: "file:///app/a%20b.js", source: SOURCE, lineToColumn: {} }],
};

describe("node --prof profiles", () => {
  it("have the functions, inlined functions and lines of ticks", async () => {
    const { profile, warnings, format } = await read(PROFILE);
    expect(format.name).toBe("node --prof profile");
    expect(warnings).toEqual([]);
    expect(typesOf(profile)).toEqual(["samples/count", "wall/nanoseconds"]);
    expect(stacksOf(profile, true)).toEqual({
      "(anonymous) a b.js:0;(garbage collector):0;/usr/bin/node:0": [1, 100_000],
      "(anonymous) a b.js:0;get size:30;node::fs::Read(v8::Local<v8::Value>):0": [1, 500_000],
      "(anonymous) a b.js:0;run:2;step:5": [2, 2_500_000],
      "(idle):0": [1, 400_000],
      "(program):0": [1, 0],
      "ArrayMap:0;(garbage collector):0": [1, 2_000_000],
    });
    const { functions, strings } = profile;
    const files = Array.from({ length: functions.length }, (_, row) =>
      strings.get(functions.filename[row]),
    );
    expect([...new Set(files)].sort()).toEqual(["", "/app/a b.js", "node:internal/list"]);
  });

  it("have times since the start of V8, its states and tiers", async () => {
    const { profile } = await read(PROFILE);
    expect([...(profile.observations?.time ?? [])]).toEqual(
      PROFILE.ticks.map(({ tm }) => tm * 1000),
    );
    expect(profile.durationNanos).toBe(5_500_000);
    expect(Object.keys(labelledStacksOf(profile)).map((key) => key.replace(/.* \{/, "{"))).toEqual([
      "{state=JS tier=Opt}",
      "{state=JS tier=Unopt}",
      "{state=external}",
      "{state=GC}",
      "{state=GC}",
      "{state=idle}",
      "{state=other}",
    ]);
  });

  it("of a recording have the ticks of the file", async () => {
    const bytes = recorded();
    const { profile, warnings } = await readWithFormat(bytes, gunzip, 1 << 28);
    expect(warnings).toEqual([]);
    const { code, ticks } = JSON.parse(`${bytes}`) as Recording;
    const span = (ticks.at(-1)?.tm ?? 0) - ticks[0].tm;
    expect(totalsOf(profile)).toEqual([ticks.length, span * 1000]);
    expect(profile.observations?.length).toBe(ticks.length);
    const cum = flatAndCum(profile);
    const ticksWith = (name: string) =>
      ticks.filter(({ s }) =>
        s.some((id, i) => i % 2 === 0 && code[id]?.name.startsWith(`${name} file:`)),
      ).length;
    for (const name of ["total", "sort", "hashAll"]) {
      expect(cum[name]?.[1], name).toBe(ticksWith(name));
    }
    expect(cum["(garbage collector)"][1]).toBe(ticks.filter(({ vm }) => vm === 1).length);
    const lines = Object.keys(stacksOf(profile, true)).flatMap((stack) => stack.split(";"));
    expect(lines).toContain("total:14");
    expect(lines).toContain("sort:19");
  });

  it("may refer to missing code, which is counted", async () => {
    const { profile, warnings } = await read({
      code: PROFILE.code.slice(0, 1),
      functions: [],
      ticks: [{ tm: 1, vm: 0, s: [0, 1, 9, 2] }],
    });
    expect(warnings).toEqual(["skipped 1 frame of missing code"]);
    expect(totalsOf(profile)[0]).toBe(1);
  });

  it("are refused in one line if damaged", async () => {
    const cases: [object, RegExp][] = [
      [{ ...PROFILE, ticks: 5 }, /ticks is not a list/],
      [{ ...PROFILE, ticks: [5] }, /a tick is not an object/],
      [{ ...PROFILE, ticks: [{ tm: "x" }] }, /tm of a tick is not a number/],
      [{ ...PROFILE, ticks: [{ tm: 1e300 }] }, /out of range/],
      [{ ...PROFILE, ticks: [{ tm: 1, s: ["x", 1] }] }, /a frame of a tick is not a number/],
      [{ ...PROFILE, functions: {} }, /functions is not a list/],
    ];
    for (const [value, why] of cases) {
      await expect(read(value)).rejects.toThrow(ProfileError);
      await expect(read(value)).rejects.toThrow(why);
    }
  });

  it("before they are processed are named", async () => {
    await expect(readText("v8-version,11,3,244,8,-node.38,0\n")).rejects.toThrow(
      "node --prof-process --preprocess",
    );
  });
});
