import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readCosts } from "../../src/formats/callgrind-reader.js";
import { Budget } from "../../src/profile/budget.js";
import { readBytes, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { flatAndCum, stacksOf, totalsOf } from "../support/stacks.js";

const FILE = path.join(ROOT, "fixtures/converted/c-callgrind.out");
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
    // Inclusive costs are exact except for rounding in each stack.
    expect(Math.abs(ir.main[1] - 50_402_476)).toBeLessThan(20);
    expect(Math.abs(ir.climb[1] - 27_000_943)).toBeLessThan(20);
    const dr = flatAndCum(profile, 1);
    expect(dr.step[0]).toBe(5_600_320);
    expect(Math.abs(dr.main[1] - 5_600_744)).toBeLessThan(20);
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
    expect([rows.a[0], rows.b[0], rows.c[0], rows.main[0]]).toEqual([10, 40, 5, 1]);
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

  it("are refused if damaged", async () => {
    const head = "# callgrind format\nevents: T\n";
    for (const [text, why] of [
      [`${head}1 5\n`, /before the first function/],
      [`${head}fn=(3)\n`, /no name has the number/],
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
