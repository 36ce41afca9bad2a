import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readProfile } from "../../src/formats/read.js";
import type { Options } from "../../src/options/table.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { type FlameReport, flame } from "../../src/report/flame.js";
import { top } from "../../src/report/top.js";
import { compareProfiles } from "../../src/transforms/compare.js";
import { abs } from "../../src/units/int64.js";
import { pprof } from "../support/pprof.js";
import { ROOT } from "../support/proto.js";
import { profileWithPositiveValues } from "../support/random-profile.js";
import { inputFor } from "../support/report-input.js";

const home = mkdtempSync(path.join(os.tmpdir(), "tsprof-flame-pprof-"));
afterAll(() => rmSync(home, { recursive: true }));

const fixture = (name: string) => path.join(ROOT, "fixtures", name);

async function read(name: string) {
  return readProfile(readFileSync(fixture(name)), gunzip, 1 << 28);
}

/**
 * Returns the value of each stack, root first, from pprof's -traces, in one unit. Positive and
 * negative values are separate.
 */
async function stacksOfPprof(name: string, args: string[]): Promise<Map<string, number>> {
  const env = { HOME: home, PPROF_TMPDIR: home };
  const { stdout } = await pprof(["-traces", ...args, name], { env });
  const stacks = new Map<string, number>();
  for (const block of stdout.split(/^-{11}\+-+$/m).slice(1)) {
    const frames: string[] = [];
    let value = 0;
    for (const line of block.split("\n")) {
      const first = /^ {0,9}(-?\d+)[a-zA-Z]* {3}(\S.*)$/.exec(line);
      const next = /^ {13}(\S.*)$/.exec(line);
      if (first) value = Number(first[1]);
      if (first || next) frames.push((first?.[2] ?? next?.[1] ?? "").replace(/ \(inline\)$/, ""));
    }
    if (frames.length === 0) continue;
    const stack = `${value < 0 ? "-" : "+"} ${frames.reverse().join(";")}`;
    stacks.set(stack, (stacks.get(stack) ?? 0) + value);
  }
  return stacks;
}

/** Returns the same for a flame graph. */
function stacksOfFlame({ tree, functions: places }: FlameReport): Map<string, number> {
  const stacks = new Map<string, number>();
  const paths: string[] = [""];
  for (let frame = 1; frame < tree.length; frame++) {
    const caller = tree.callers[frame];
    const { name } = places[tree.functions[frame]];
    paths.push(caller === 0 ? name : `${paths[caller]};${name}`);
    const plus = Number(tree.selfPlus[frame]);
    const minus = Number(tree.selfMinus?.[frame] ?? 0);
    if (plus !== 0) stacks.set(`+ ${paths[frame]}`, plus);
    if (minus !== 0) stacks.set(`- ${paths[frame]}`, -minus);
  }
  return stacks;
}

function expectSameStacks(report: FlameReport, expected: Map<string, number>): void {
  expect(expected.size).toBeGreaterThan(1);
  const entries = (stacks: Map<string, number>) =>
    [...stacks].filter(([, value]) => value !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  expect(entries(stacksOfFlame(report))).toEqual(entries(expected));
}

describe("the frames of a flame graph", () => {
  it.each<[string, Partial<Options>, string[]]>([
    ["go-cpu.pb.gz", {}, ["-unit=ns"]],
    ["go-cpu.pb.gz", { hide: "^runtime", focus: "json" }, ["-unit=ns"]],
    ["go-cpu.pb.gz", { show_from: "main\\.", tagfocus: "region=south" }, ["-unit=ns"]],
    ["go-cpu.pb.gz", { noinlines: true, granularity: "lines" }, ["-unit=ns"]],
    ["go-heap.pb.gz", { sample_index: "alloc_space" }, ["-unit=B"]],
    ["go-heap.pb.gz", { sample_index: "inuse_objects", tagroot: "bytes" }, []],
    ["go-mutex.pb.gz", { sample_index: "contentions" }, []],
    ["cpp-cpu-demangled.pb.gz", { ignore: "malloc" }, ["-unit=ns", "-symbolize=none"]],
  ])("of %s %j add up to the stacks of pprof", async (name, options, args) => {
    const flags = Object.entries(options).map(([option, value]) =>
      option === "granularity" ? `-${value}` : `-${option}=${value}`,
    );
    const expected = await stacksOfPprof(fixture(name), [...flags, ...args]);
    const byName = { ...options, identity: "name" as const };
    expectSameStacks(flame(inputFor("flame", await read(name), { options: byName })), expected);
  });

  it("of a comparison add up to the stacks of pprof in both profiles", async () => {
    const [before, after] = ["go-cpu-slow.pb.gz", "go-cpu-fast.pb.gz"];
    const args = [`-diff_base=${fixture(before)}`, "-unit=ns"];
    const how = { marksBase: true, normalizes: false };
    const compared = compareProfiles(await read(after), await read(before), how, 1 << 28);
    const report = flame(inputFor("flame", compared));
    expect(report.kind).toBe("compared");
    expectSameStacks(report, await stacksOfPprof(fixture(after), args));
  });

  it("add up to flat and cum of every function, as in top", async () => {
    await fc.assert(
      fc.asyncProperty(profileWithPositiveValues, async (bytes) => {
        const profile = await readProfile(bytes, gunzip, 1 << 24);
        const { rows } = top(inputFor("top", profile));
        const { tree, functions: places } = flame(inputFor("flame", profile));
        for (const { name, flat, cum } of rows) {
          let own = 0;
          let all = 0;
          // Recursive frames do not count again.
          let outer = 0;
          for (let frame = 1; frame < tree.length; frame++) {
            if (places[tree.functions[frame]].name !== name) continue;
            own += Number(tree.selfPlus[frame]);
            if (frame < outer) continue;
            all += Number(tree.plus[frame]);
            outer = tree.ends[frame];
          }
          expect({ name, flat: own, cum: all }).toEqual({
            name,
            flat: Number(abs(flat)),
            cum: Number(abs(cum)),
          });
        }
      }),
      { numRuns: 100 },
    );
  });
});
