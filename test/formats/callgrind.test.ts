import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type CostFunction, readCosts } from "../../src/formats/callgrind/line-reader.js";
import { Budget } from "../../src/profile/budget.js";
import { readBytes, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { flatAndCum, stacksOf, totalsOf } from "../support/stacks.js";

const FILE = path.join(ROOT, "fixtures/converted/c-callgrind.out");
/** Made by valgrind 3.19 from `git log --stat -3`. */
const GIT = path.join(ROOT, "fixtures/converted/git-callgrind.out.gz");
const read = (text: string, limit?: number) => readBytes(Buffer.from(text), limit);

describe("callgrind files", () => {
  it("of valgrind give the figures of callgrind_annotate 3.19", async () => {
    const text = readFileSync(FILE, "utf8");
    const profile = await read(text);
    const events = ["Ir", "Dr", "Dw", "I1mr", "D1mr", "D1mw", "ILmr", "DLmr", "DLmw"];
    expect(typesOf(profile)).toEqual(events.map((event) => `${event}/count`));
    // The totals in the file.
    const [, totals] = /^totals: (.*)$/m.exec(text) ?? [];
    expect(totalsOf(profile)).toEqual(totals.split(" ").map(Number));
    const ir = flatAndCum(profile);
    expect(ir.step).toEqual([50_400_800, 50_400_800]);
    expect(ir.flight).toEqual([1_020, 43_201_620]);
    expect(ir.main[0]).toBe(253);
    expect(ir.climb[0]).toBe(20);
    expect(ir["climb'2"][0]).toBe(383);
    expect(ir.main[1]).toBe(50_402_476);
    expect(ir.climb[1]).toBe(27_000_943);
    const dr = flatAndCum(profile, 1);
    expect(dr.step[0]).toBe(5_600_320);
    expect(dr.main[1]).toBe(5_600_744);
  });

  it("have the inclusive costs of callgrind_annotate for all functions without recursion", async () => {
    const bytes = gunzipSync(readFileSync(GIT));
    const rows = flatAndCum(await readBytes(bytes));
    const { functions } = readCosts(bytes, new Budget());
    const expected = inclusiveCosts(functions);
    const recursive = [...recursiveNames(functions)];
    expect(recursive.sort()).toEqual(["_nl_make_l10nflist'2", "msort_with_tmp.part.0'2"]);
    for (const name of recursive) delete expected[name];
    expect(Object.keys(expected).length).toBeGreaterThan(800);
    const cums = Object.keys(expected).map((name) => [name, rows[name]?.[1] ?? 0]);
    expect(Object.fromEntries(cums)).toEqual(expected);
    expect(expected).toMatchObject({
      "0x000000000001ab70": 1_151_793,
      "__libc_start_main@@GLIBC_2.34": 928_632,
      inflate: 222_442,
      _dl_relocate_object: 148_725,
      calloc: rows.calloc[1],
    });
  });

  it("are read within the limit", async () => {
    const text = `events: Ir\nfn=f\n${"+1 1\n".repeat(20_000)}`;
    expect(totalsOf(await read(text))).toEqual([20_000]);
    expect(() => readCosts(Buffer.from(text), new Budget(2 ** 20))).toThrow("needs more than 1 MB");
  });

  it("may abbreviate names and positions", async () => {
    const profile = await read(
      [
        "version: 1",
        "positions: instr line",
        "events: Ticks Misses",
        "fl=(1) one.c",
        "fn=(1) main",
        "0x10 16 20 1",
        "cfn=(2) func1",
        "calls=1 50",
        "+4 * 400",
        "cfi=(2) two.c",
        "cfn=(3) func2",
        "calls=3 20",
        "* +1 400 6",
        "jump=3 0x20 9",
        "* 16",
        "fn=(2)",
        "0x30 51 100",
        "cfi=(2)",
        "cfn=(3)",
        "calls=2 20",
        "* -1 300",
        "fl=(2)",
        "fn=(3)",
        "* 20 700 6",
        "",
      ].join("\n"),
    );
    expect(stacksOf(profile, true)).toEqual({
      "main:16": [20, 1],
      "main:16;func1:51": [100, 0],
      "main:16;func1:50;func2:20": [300, 0],
      "main:17;func2:20": [400, 6],
    });
  });

  it("with recursion keep the own costs of functions, and end", async () => {
    const profile = await read(
      "events: T\nfl=x\nfn=a\n1 10\ncfn=b\ncalls=1 1\n1 90\nfn=b\n1 40\ncfn=a\ncalls=1 1\n1 50\n" +
        "fn=c\n1 5\ncfn=c\ncalls=9 1\n1 500\nfn=main\n1 1\ncfn=a\ncalls=1 1\n1 50\n",
    );
    const rows = flatAndCum(profile);
    expect(rows).toEqual({ a: [10, 50], b: [40, 40], c: [5, 5], main: [1, 51] });
    expect(totalsOf(profile)).toEqual([56]);
  });

  it("with very many paths become few stacks, with all costs", async () => {
    const lines = ["events: T"];
    for (let i = 0; i < 60; i++) {
      lines.push("fl=x", `fn=f${i}`, "1 1000000");
      for (let j = i + 1; j < 60; j++) lines.push(`cfn=f${j}`, "calls=1 1", "2 1000000000");
    }
    const profile = await read(lines.join("\n"), 1 << 28);
    expect(totalsOf(profile)).toEqual([60_000_000]);
    const flats = Object.values(flatAndCum(profile)).map(([flat]) => flat);
    expect(flats).toEqual(flats.map(() => 1_000_000));
    expect(profile.samples.length).toBeLessThan(200_000);
  });

  it("with more paths than stacks keep all inclusive costs, for each event", async () => {
    const [depth, width] = [30, 3];
    const call = (level: number, [a, b]: number[]) =>
      Array.from({ length: width }, (_, i) => `cfn=f${level}_${i}\ncalls=1 1\n2 ${a} ${b}\n`).join(
        "",
      );
    // The inclusive costs of each function of a level. All functions of the level before call it.
    let costs = [1_000_000_000, 50];
    const lines = ["events: A B\nfn=main\n1 7 0", call(0, costs)];
    const total = [7 + width * costs[0], width * costs[1]];
    const expected: Record<string, number[]> = { main: total };
    for (let level = 0; level < depth; level++) {
      const passed = costs.map((cost) => Math.floor((cost * 0.8) / width));
      const own = costs.map((cost, i) => (level < depth - 1 ? cost - width * passed[i] : cost));
      for (let i = 0; i < width; i++) {
        expected[`f${level}_${i}`] = costs;
        lines.push(`fn=f${level}_${i}\n1 ${own.join(" ")}`);
        if (level < depth - 1) lines.push(call(level + 1, passed));
      }
      costs = passed.map((cost) => cost * width);
    }
    const profile = await read(lines.join("\n"));
    expect(totalsOf(profile)).toEqual(total);
    const [a, b] = [flatAndCum(profile, 0), flatAndCum(profile, 1)];
    const cums = Object.keys(expected).map((name) => [name, [a[name]?.[1], b[name]?.[1]]]);
    expect(Object.fromEntries(cums)).toEqual(expected);
  });

  it("whose calls claim more than the callees have keep the total", async () => {
    const profile = await read("events: T\nfn=main\n1 4\ncfn=f\ncalls=1 1\n2 6\nfn=f\n1 4\n");
    expect(flatAndCum(profile)).toEqual({ main: [4, 8], f: [4, 4] });
  });

  it("whose calls form many cycles, or a deep chain, are read in bounded time", async () => {
    const random = (i: number) => (i * 7919) % 5000;
    const cycles = Array.from({ length: 5000 }, (_, i) => {
      const callees = Array.from({ length: 9 }, (_, j) => random(i * 9 + j + 1));
      return `fn=f${i}\n1 5\n${callees
        .map((f, j) => `cfn=f${f}\ncalls=1 1\n2 ${1 + random(i + j * 31)}\n`)
        .join("")}`;
    });
    expect(totalsOf(await read(`events: T\n${cycles.join("")}`, 2 ** 28))).toEqual([25_000]);
    const chain = Array.from(
      { length: 9000 },
      (_, i) => `fn=f${i}\n1 1\ncfn=f${i + 1}\ncalls=1 1\n2 ${8999 - i}\n`,
    );
    expect(totalsOf(await read(`events: T\n${chain.join("")}`, 2 ** 29))).toEqual([9000]);
  });

  it("may have jumps with files, and numbers without a name", async () => {
    const profile = await read(
      "events: T\nfl=(1) a.c\nfn=(1) main\n3 10\njfi=(2) b.h\njfl=(3) c.h\njump=4 9\n3\n" +
        "jfn=(2) f\njcnd=1/2 9\n3\n5 20\ncfi=(2)\ncfn=(2)\ncalls=1 1\n6 7\n" +
        "fl=(2)\nfn=(2)\n1 7\nfl=(8)\nfn=(9)\n1 5\n",
    );
    expect(stacksOf(profile, true)).toEqual({
      "main:3": [10],
      "main:5": [20],
      "main:6;f:1": [7],
      "(9):1": [5],
    });
  });

  it("may have events with units and factors", async () => {
    const profile = await read(
      "events: Time_(10ns) Memory_(bytes) T_(us) cpu(ms) Ir\nfn=main\n1 1000 4096 3 4 5\n",
    );
    expect(typesOf(profile)).toEqual(["Time/ns", "Memory/bytes", "T/us", "cpu/ms", "Ir/count"]);
    expect(totalsOf(profile)).toEqual([10_000, 4096, 3, 4, 5]);
    const large = "events: T_(10ns)\nfn=main\n1 9223372036854775807\n";
    await expect(read(large)).rejects.toThrow("a cost exceeds 64 bits");
  });

  it("are refused if damaged", async () => {
    const head = "# callgrind format\nevents: T\n";
    for (const [text, why] of [
      [`${head}1 5\n`, /before the first function/],
      [`${head}fn=a\n1 2 3\n`, /more costs/],
      [`${head}fn=a\nx 2\n`, /line 4: not a setting/],
      [`${head}fn=a\n1 99999999999999999999\n`, /64-bit/],
      [`${head}fn=a\ncalls=1 1\n1 5\n`, /without cfn/],
      [`${head}fn=a\nfoo=1\n`, /unknown setting "foo"/],
      [`${head}positions: bb\n`, /basic blocks/],
    ] as const) {
      await expect(read(text)).rejects.toThrow(why);
    }
  });
});

/** Returns the inclusive cost of each function whose name is unique, as callgrind_annotate does. */
function inclusiveCosts(functions: readonly CostFunction[]): Record<string, number> {
  const names = new Set<string>();
  const costs: Record<string, number> = {};
  for (const { name, own, calls } of functions) {
    const isKnown = names.has(name.text);
    names.add(name.text);
    delete costs[name.text];
    if (isKnown) continue;
    const parts = [...own.values(), ...calls.values()];
    costs[name.text] = parts.reduce((sum, part) => sum + Number(part.costs[0]), 0);
  }
  return costs;
}

/** Returns the functions that call themselves, directly or not. */
function recursiveNames(functions: readonly CostFunction[]): Set<string> {
  const names = new Set<string>();
  for (const fn of functions) {
    const reached = new Set<CostFunction>();
    const left = [fn];
    for (let next = left.pop(); next; next = left.pop()) {
      for (const { callee } of next.calls.values()) {
        if (!reached.has(callee)) left.push(callee);
        reached.add(callee);
      }
    }
    if (reached.has(fn)) names.add(fn.name.text);
  }
  return names;
}
