import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
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
    await expect(read(`${head}\t12345678123456789 f (x)\n`)).rejects.toThrow(/64 bits/);
    const many = Array.from({ length: 300 }, (_, i) => `a 1 1.0: 1 e${i}: \n\n`).join("");
    await expect(read(many)).rejects.toThrow(/more than 256 events/);
  });

  /** Returns the sums by stack, the sample types and the warnings. */
  async function sums(text: string) {
    const { profile, warnings } = await readWithFormat(Buffer.from(text), gunzip, 1 << 26);
    const { labels, strings } = profile;
    const label = (row: number) => {
      const text = strings.get(labels.text[row]) || labels.number[row];
      return `${strings.get(labels.key[row])}=${text}`;
    };
    return {
      stacks: stacksOf(profile),
      types: typesOf(profile),
      labels: Array.from({ length: labels.length }, (_, row) => label(row)),
      warnings,
    };
  }

  const FRAMES = "\t    55d0c0de1010 a::f+0x1 (/usr/bin/x)\n\t    55d0c0de2020 main (/usr/bin/x)\n";

  it.each([
    ["time", "my prog  42/43 [001]   250 cycles:u: ", ["comm=my prog", "pid=42", "tid=43"]],
    ["time and CPU", "node  4242     250 cycles:u: ", ["comm=node", "tid=4242"]],
    ["command", "  42/43 [001] 5.000001:   250 cycles:u: ", ["pid=42", "tid=43"]],
    ["command and CPU", "  42 5.000001:   250 cycles:u: ", ["tid=42"]],
    ["command and time", "  42/43   250 cycles:u: ", ["pid=42", "tid=43"]],
    ["id", "my prog 5.000001:   250 cycles:u: ", ["comm=my prog"]],
    ["thread", "[001] 5.000001:   250 cycles:u: ", []],
    ["thread and CPU", "5.000001:   250 cycles:u: ", []],
    ["thread and time", "   250 cycles:u: ", []],
  ])("is read without %s", async (_, head, labels) => {
    const read = await sums(`${head}\n${FRAMES}\n${head}\n${FRAMES}`);
    expect(read.stacks).toEqual({ "main;a::f": [2, 500] });
    expect(read.types).toEqual(["samples/count", "cycles:u/count"]);
    expect(read.labels.slice(0, labels.length)).toEqual(labels);
    expect(read.warnings).toEqual([]);
  });

  it("is read without event, or without period", async () => {
    const event = await sums(`a 1 5.000001: \n${FRAMES}\n`);
    expect(event).toMatchObject({ stacks: { "main;a::f": [1] }, types: ["samples/count"] });
    for (const head of ["a 1 cycles:", "a 1 5.1: cycles:", "cycles:"]) {
      expect((await sums(`${head}\n${FRAMES}\n`)).stacks).toEqual({ "main;a::f": [1, 1] });
    }
    // A sample without a call chain or a time.
    const own = await sums("node 42 7 cycles:  55d0c0de1010 f+0x1 (/usr/bin/x)\n");
    expect(own.stacks).toEqual({ f: [1, 7] });
  });

  it("skips task events", async () => {
    const read = await sums(
      [
        "  swapper     0 [000]     0.000000: PERF_RECORD_COMM: app:77/77",
        "  app    77 [001]     5.0: PERF_RECORD_MMAP2 77/77: [0x5000(0x1000) @ 0 08:01 42 0]: r-xp /x",
        "  app    77 PERF_RECORD_FORK(77:78):(77:77)",
        `  app    77 [001]     5.000001:     100 cycles:u: \n${FRAMES}`,
        "  app    77 [001]     5.000002: PERF_RECORD_LOST lost 5",
        "  app    77 [001]     5.000003: PERF_RECORD_EXIT(77:77):(77:77)\n",
      ].join("\n"),
    );
    expect(read.stacks).toEqual({ "main;a::f": [1, 100] });
    expect(read.types).toEqual(["samples/count", "cycles:u/count"]);
    expect(read.warnings).toEqual([]);
  });

  it("skips messages and counts them", async () => {
    const sample = `app 77 [001] 5.000001: 100 cycles:u: \n${FRAMES}\n`;
    const messages = "Warning:\nProcessed 100 events and lost 1 chunks!\n\n";
    const read = await sums(`${messages}${sample}Failed to open /tmp/perf-77.map\n${sample}`);
    expect(read.stacks).toEqual({ "main;a::f": [2, 200] });
    expect(read.warnings).toEqual(["skipped 3 lines without a sample or a frame"]);
    expect((await sums(`${sample}nonsense\n`)).warnings).toEqual([
      "skipped 1 line without a sample or a frame",
    ]);
  });

  it("may have only frames (-F ip,sym), with and without call chains", async () => {
    const frame = (symbol: string) => `${"401136".padStart(16)}${symbol}\n`;
    const chains = `\n\t${frame(" a::f(int)")}  a.cc:3\n\t${frame(" main")}\n\n\t${frame(" main")}\n\n`;
    const read = await sums(chains);
    expect(read.types).toEqual(["samples/count"]);
    expect(read.stacks).toEqual({ "main;a::f(int)": [1], main: [1] });
    expect(read.warnings).toEqual([]);
    expect((await sums(` ${frame(" main")} ${frame(" [unknown]")}`)).stacks).toEqual({
      main: [1],
      "?": [1],
    });
    // Without symbols and with binaries.
    expect((await sums(`\n\t${frame("")}\t${frame("")}\n`)).stacks).toEqual({ "?;?": [1] });
    const { stacks } = await sums(`\n\t${frame(" main+0x1 (/srv/app)")}\n`);
    expect(stacks).toEqual({ main: [1] });
    const messages = `${`\n\t${frame(" main")}`.repeat(8)}\nlost 5 events\n`;
    expect((await sums(messages)).warnings).toEqual(["skipped 1 line without a sample or a frame"]);
  });

  it("has the times of samples since the first one, in any order", async () => {
    const sample = (time: string) => `app 77 ${time}: 100 cycles:u: \n${FRAMES}\n`;
    const times = ["8640000.000002", "8640000.000001003", "8640001.5"];
    const profile = await read(times.map(sample).join(""));
    expect([...(profile.observations?.time ?? [])]).toEqual([0, 997, 1_499_998_997]);
    expect(profile.durationNanos).toBe(1_499_998_997);
    expect((await read(`cycles: \n${FRAMES}\n`)).observations).toBeUndefined();
  });

  it("is not found in other texts", async () => {
    const sample = `app 77 [001] 5.000001: 100 cycles:u: \n${FRAMES}\n`;
    for (const text of [
      `${"A line of a document.\n".repeat(100)}${sample}`,
      "jobs:\n  bad: x\n",
      "Total 5 items: a b\n",
      "Warning: 10 errors\n",
      "INFO 12 module:run: started\n",
    ]) {
      await expect(read(text)).rejects.toThrow("unrecognized profile format");
    }
  });

  it("takes linear time for long lines", async () => {
    const head = "a 1 1.0: 1 cycles: \n";
    const start = process.cpuUsage();
    for (const line of ["a 1 ".repeat(100_000), `a${" ".repeat(50_000)}`, "1 ".repeat(50_000)]) {
      await read(`${head}${`${line}\n`.repeat(10)}`);
    }
    const short = `a${" ".repeat(500)}\n`.repeat(2000);
    await read(`${head}${short}`);
    const { user, system } = process.cpuUsage(start);
    expect(user + system).toBeLessThan(5_000_000);
  });
});
