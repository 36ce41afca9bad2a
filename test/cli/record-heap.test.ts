import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readProfile } from "../../src/library/node.js";
import { allocs, heapProfile, writeProfile } from "../../src/library/profiler.js";
import type { Profile, ValueType } from "../../src/profile/profile.js";
import { usePriority } from "../support/priority.js";
import { ProgramFolder, SLOW, SPIN } from "../support/program-folder.js";
import { tsprof } from "../support/run.js";
import { flatAndCum } from "../support/stacks.js";

usePriority();
const folder = new ProgramFolder();

const HOLDS = `
  function holdsSmall() {
    return Array.from({ length: 400_000 }, (_, i) => ({ a: i, b: i + 1, c: null }));
  }
  globalThis.held = [holdsSmall(), Buffer.alloc(2 ** 25)];`;

/** Returns the fields of a profile that must agree for -diff_base. */
function fieldsOf({ sampleTypes, periodType, period, strings }: Profile) {
  const named = ({ type, unit }: ValueType) => `${strings.get(type)}/${strings.get(unit)}`;
  return { sampleTypes: sampleTypes.map(named), periodType: named(periodType), period };
}

describe("record of the heap", { timeout: SLOW }, () => {
  it.each([
    { option: "-heap", prefix: "inuse", collect: heapProfile, stem: "heap" },
    { option: "-allocs", prefix: "alloc", collect: allocs, stem: "allocs" },
  ])("$option has the types of the profiler, and counts objects", async (kind) => {
    const { option, prefix, collect, stem } = kind;
    const program = folder.program("holds.js", HOLDS);
    const started = Date.now();
    const { stderr } = await folder.record(option, "--", process.execPath, program);
    const ended = Date.now();
    const file = `${stem}001.pb.gz`;
    expect(stderr).toContain(`wrote the profile to ${file}`);
    const recorded = await readProfile(readFileSync(path.join(folder.path, file)));
    const own = await collect({ durationMillis: 1 });
    expect(fieldsOf(recorded)).toEqual(fieldsOf(own));
    expect(fieldsOf(recorded).sampleTypes).toEqual([
      `${prefix}_objects/count`,
      `${prefix}_space/bytes`,
    ]);
    const [, objects] = flatAndCum(recorded, 0).holdsSmall;
    expect(objects).toBeGreaterThan(400_000 / 2);
    expect(objects).toBeLessThan(400_000 * 2);
    // Memory outside of the heap is known only as far as it is in use.
    const buffers = flatAndCum(recorded, 1)["(array buffers)"]?.[1];
    if (prefix === "alloc") expect(buffers).toBeUndefined();
    else expect(Math.round(buffers / 2 ** 25)).toBe(1);
    const time = Number(recorded.timeNanos) / 1e6;
    expect(time).toBeGreaterThan(started);
    expect(time + Number(recorded.durationNanos) / 1e6).toBeLessThan(ended);
    expect(recorded.durationNanos).toBeGreaterThan(0);
    const base = `own-${stem}.pb.gz`;
    writeFileSync(path.join(folder.path, base), await writeProfile(own));
    const diff = await folder.report("top", "-diff_base", base, file);
    expect(diff).toMatch(new RegExp(`^Type: ${prefix}_space$`, "m"));
    expect(diff).toContain("holdsSmall");
  });

  it("and the CPU in one run, and opens both in a browser", async () => {
    const program = folder.program(
      "both.js",
      `${SPIN} function hot() { spin(50); } ${HOLDS} hot();`,
    );
    const browser = folder.program("browser.sh", `#!/bin/sh\necho "$1" >> opened.txt`);
    chmodSync(browser, 0o755);
    const run = (...args: string[]) =>
      tsprof(["record", "-cpu", "-heap", ...args, "--", process.execPath, program], {
        cwd: folder.path,
        env: { BROWSER: "./browser.sh", CI: "" },
      });
    const output = ["-html", "-output=both-{kind}.pb.gz"];
    const { code, stderr } = await run(...output);
    expect(code).toBe(0);
    for (const kind of ["cpu", "heap"]) {
      expect(stderr).toContain(`wrote the profile to both-${kind}.pb.gz`);
      const page = `both-${kind}.html`;
      expect(stderr).toContain(`wrote the flame graph to ${page}, and opened it with `);
      expect(readFileSync(path.join(folder.path, "opened.txt"), "utf8")).toContain(`/${page}\n`);
      expect(readFileSync(path.join(folder.path, page), "utf8")).toMatch(/^<!doctype html>/i);
    }
    expect(await folder.report("top", "both-cpu.pb.gz")).toContain("hot");
    expect(await folder.report("top", "both-heap.pb.gz")).toContain("holdsSmall");
    expect(await run("-output=both.pb.gz")).toMatchObject({
      code: 2,
      stderr: "tsprof: -output must contain {kind} for two profiles, such as app-{kind}.pb.gz\n",
    });
  });

  it("refuses two kinds of heap profiles", async () => {
    const { code, stderr } = await folder.record(
      "-heap",
      "-allocs",
      "--",
      process.execPath,
      "x.js",
    );
    expect(code).toBe(2);
    expect(stderr).toContain("leave out one of them");
  });
});

describe("record", { timeout: SLOW }, () => {
  it("does not add up durations, and leaves out its own functions", async () => {
    const program = folder.program(
      "twice.js",
      `const { Worker, isMainThread } = require("node:worker_threads");
      if (isMainThread) new Worker(__filename);
      setTimeout(() => {}, 1000);`,
    );
    const started = Date.now();
    await folder.record("-interval=200us", "-output=twice.pb.gz", "--", process.execPath, program);
    const elapsed = Date.now() - started;
    const profile = await readProfile(readFileSync(path.join(folder.path, "twice.pb.gz")));
    expect(Number(profile.durationNanos) / 1e6).toBeGreaterThan(1000);
    expect(Number(profile.durationNanos) / 1e6).toBeLessThan(elapsed);
    expect(profile.period).toBe(200_000);
    const raw = await folder.report("raw", "twice.pb.gz");
    expect(raw).toContain("(idle)");
    expect(raw).not.toContain("record-preload");
  });

  it.runIf(process.platform === "linux")("has CPU time beside wall time", async () => {
    const program = folder.program(
      "waits.js",
      `const { Worker, isMainThread } = require("node:worker_threads");
      const clock = new Int32Array(new SharedArrayBuffer(4));
      function waits() { Atomics.wait(clock, 0, 0, 500); }
      function spins() {
        const { readFileSync } = require("node:fs");
        const used = () => Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]);
        const end = used() + 300e6;
        let x = 0;
        while (used() < end) for (let i = 0; i < 1e6; i++) x = Math.sqrt(x + i);
      }
      if (isMainThread) new Worker(__filename);
      waits();
      spins();
      waits();`,
    );
    await folder.record("-output=waits.pb.gz", "--", process.execPath, program);
    const profile = await readProfile(readFileSync(path.join(folder.path, "waits.pb.gz")));
    expect(fieldsOf(profile).sampleTypes.at(-1)).toBe("cpu/nanoseconds");
    expect(profile.strings.get(profile.defaultSampleType)).toBe("wall");
    const wall = flatAndCum(profile, 1);
    const cpu = flatAndCum(profile, 2);
    // Two threads wait for a second and spin for 300 ms each.
    expect(wall.waits[1] / 1e6).toBeGreaterThan(1500);
    expect(cpu.waits[1] / 1e6).toBeLessThan(250);
    // On a busy machine, a part falls to the samples around it.
    expect(cpu.spins[1] / 1e6).toBeGreaterThan(400);
    expect(cpu.spins[1] / 1e6).toBeLessThan(750);
    expect(wall.spins[1]).toBeGreaterThan(cpu.spins[1] * 0.7);
  });
});
