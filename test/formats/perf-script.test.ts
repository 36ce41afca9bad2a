import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { uint64At } from "../../src/profile/columns.js";
import { readBytes, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { stacksOf } from "../support/stacks.js";

const FILE = path.join(ROOT, "fixtures/converted/c-perf.txt");
const read = (text: string) => readBytes(Buffer.from(text));

describe("the output of perf script", () => {
  it("has the samples, events and stacks that an independent parser finds", async () => {
    const text = readFileSync(FILE, "utf8");
    const sums: Record<string, number[]> = {};
    for (const part of text.split("\n\n").filter(Boolean)) {
      const [head, ...frames] = part.split("\n");
      const names = frames.map((line) =>
        line
          .trim()
          .split(" ")[1]
          .replace(/\+0x.*/, ""),
      );
      const stack = names
        .map((name) => (name === "[unknown]" ? "?" : name))
        .reverse()
        .join(";");
      const [period, event] = head.split(": ")[1].trim().split(" ");
      const sum = sums[stack] ?? [0, 0, 0];
      sums[stack] = sum;
      sum[0]++;
      sum[event.startsWith("page-faults") ? 1 : 2] += Number(period);
    }
    const profile = await read(text);
    expect(typesOf(profile)).toEqual([
      "samples/count",
      "page-faults/count",
      "cpu-clock/nanoseconds",
    ]);
    // The default is the event of most samples, even if a rare event comes first.
    expect(profile.strings.get(profile.defaultSampleType)).toBe("cpu-clock");
    expect(stacksOf(profile)).toEqual(sums);
    expect(Object.keys(sums).some((stack) => /;main;climb;climb;.*step$/.test(stack))).toBe(true);
  });

  it("is read in other variants", async () => {
    const profile = await read(
      [
        "# captured on: today",
        "",
        "my prog 7/8 [003] 12.345678:     250 cycles:u: ",
        "\t    55d0 operator()(int, char) const+0x1f (/usr/bin/my (1).so (deleted))",
        "\t    55d9 [unknown] ([unknown])",
        "",
        "flat     9 12.4: sched:sched_switch: prev_comm=flat prev_pid=9",
        "one     10 12.5:  3 cycles:u:  ffffffffad135f6f do_idle ([kernel.kallsyms])",
        "empty   -1 12.6:  4 cycles:u: ",
        "",
      ].join("\n"),
    );
    expect(stacksOf(profile)).toEqual({
      "": [2, 4, 1],
      "?;operator()(int, char) const": [1, 250, 0],
      do_idle: [1, 3, 0],
    });
    expect(typesOf(profile)).toEqual([
      "samples/count",
      "cycles:u/count",
      "sched:sched_switch/count",
    ]);
    const { mappings, strings, locations, labels } = profile;
    expect(strings.get(mappings.file[0])).toBe("/usr/bin/my (1).so (deleted)");
    expect(uint64At(locations.address, 2)).toBe(0xffffffffad135f6fn);
    const seen = Array.from({ length: labels.length }, (_, row) => {
      return `${strings.get(labels.key[row])}=${strings.get(labels.text[row]) || labels.number[row]}`;
    });
    expect(seen.slice(0, 3)).toEqual(["comm=my prog", "pid=7", "tid=8"]);
  });

  it("is refused if it is malformed", async () => {
    const head = "a 1 1.0: 1 cycles: \n";
    await expect(read(`${head}\t12 f (x)\n\nnonsense\n`)).rejects.toThrow(/line 4: not a sample/);
    await expect(read(`${head}\t12345678123456789 f (x)\n`)).rejects.toThrow(/64 bits/);
    const many = Array.from({ length: 300 }, (_, i) => `a 1 1.0: 1 e${i}: \n\n`).join("");
    await expect(read(many)).rejects.toThrow(/more than 256 events/);
    const start = Date.now();
    await expect(read(`${head}${"a 1 ".repeat(200_000)}\n`)).rejects.toThrow(/not a sample/);
    expect(Date.now() - start).toBeLessThan(3000);
  });
});
