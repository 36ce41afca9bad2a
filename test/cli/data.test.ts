import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { schemaProblems } from "../support/json-schema.js";
import { oddProfile } from "../support/odd-profile.js";
import { useOneProcess } from "../support/one-process.js";
import { decodedProfile } from "../support/pgo-edges.js";
import { pprof } from "../support/pprof.js";
import { ROOT } from "../support/proto.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-data-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = useOneProcess();
const fixture = (name: string) => path.join(ROOT, "fixtures", name);
const schema = JSON.parse(readFileSync(path.join(ROOT, "docs/schema/tsprof.schema.json"), "utf8"));

interface Row {
  readonly name: string;
  readonly inline: string;
  readonly flat: number;
  readonly flat_share: number;
  readonly sum_share: number;
  readonly cum: number;
  readonly cum_share: number;
}

/** Runs a command with -format=json; checks its document against the schema. */
async function json(args: readonly string[]) {
  const { code, stdout, stderr } = await run([...args, "-format=json"]);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  const document = JSON.parse(stdout);
  expect(schemaProblems(schema, document)).toEqual([]);
  return document;
}

/** Returns the lines of a report of pprof. */
async function theirs(args: readonly string[]): Promise<string[]> {
  const { stdout } = await pprof([...args], { env: { PPROF_TMPDIR: folder, HOME: folder } });
  return stdout.split("\n");
}

const percent = (share: number) => share * 100;

describe("-format=json", () => {
  it.each([
    ["go-cpu.pb.gz", "cpu", "nanoseconds", "ns"],
    ["go-cpu.pb.gz", "samples", "count", ""],
    ["go-heap.pb.gz", "alloc_space", "bytes", "B"],
    ["cpp-cpu.pb.gz", "cpu", "nanoseconds", "ns"],
    ["v8-cpu.pb.gz", "wall", "nanoseconds", "ns"],
  ])("of top has the numbers of pprof for %s %s", async (file, type, unit, sign) => {
    const args = [`-sample_index=${type}`, "-symbolize=none", fixture(file)];
    const document = await json(["top", "-identity=name", ...args]);
    expect(document).toMatchObject({ schema: "tsprof/top/1", sample_type: type, unit });
    const lines = await theirs(["-top", `-unit=${unit}`, "-compact_labels", ...args]);
    const head = lines.findIndex((line) => line.includes("flat%"));
    const cells = lines.slice(head + 1, -1).map((line) => line.trim().split(/\s+/));
    const rows: Row[] = document.rows;
    expect(rows.length).toBe(cells.length);
    expect(rows.length).toBeGreaterThan(10);
    const value = (amount: number) => (amount === 0 ? "0" : `${amount}${sign}`);
    rows.forEach((row, i) => {
      const [flat, flatShare, sumShare, cum, cumShare, ...name] = cells[i];
      expect(value(row.flat)).toBe(flat);
      expect(value(row.cum)).toBe(cum);
      const label = { none: "", some: " (partial-inline)", all: " (inline)" }[row.inline];
      expect(row.name + label).toBe(name.join(" "));
      expect(percent(row.flat_share)).toBeCloseTo(Number.parseFloat(flatShare), 1);
      expect(percent(row.sum_share)).toBeCloseTo(Number.parseFloat(sumShare), 1);
      expect(percent(row.cum_share)).toBeCloseTo(Number.parseFloat(cumShare), 1);
    });
    const showing = lines.find((line) => line.startsWith("Showing nodes accounting for"));
    expect(showing).toContain(`of ${value(document.total)} total`);
    expect(showing).toContain(`for ${value(document.shown.flat)},`);
    const dropped = lines.find((line) => line.startsWith("Dropped"));
    if (document.dropped.nodes === 0) expect(dropped).toBeUndefined();
    else {
      expect(dropped).toBe(
        `Dropped ${document.dropped.nodes} node${document.dropped.nodes > 1 ? "s" : ""} ` +
          `(cum <= ${value(document.dropped.cum_cutoff)})`,
      );
    }
  });

  it.each([["tree"], ["peek"]])("of %s has the calls of pprof", async (command) => {
    const args = ["-symbolize=none", fixture("go-cpu.pb.gz")];
    const pattern = command === "peek" ? ["pricing|reset"] : [];
    const document = await json([command, ...pattern, ...args]);
    const flag = command === "peek" ? `-peek=${pattern[0]}` : "-tree";
    const lines = await theirs([flag, "-unit=nanoseconds", "-compact_labels", ...args]);
    const number = (text: string) => (text === "0" ? 0 : Number(text.replace(/ns$/, "")));
    const expected = lines.flatMap((line) => {
      const call = /^ +(\S+) +\S+ \| {3}(.*)$/.exec(line);
      if (call) return [`${number(call[1])} ${call[2]}`];
      const place = /^ *(\S+) +\S+ +\S+ +(\S+) +\S+ +\| (.*)$/.exec(line);
      return place ? [`${number(place[1])} ${number(place[2])} ${place[3]}`] : [];
    });
    interface Call {
      readonly name: string;
      readonly inline: boolean;
      readonly calls: number;
    }
    interface Place extends Row {
      readonly callers: readonly Call[];
      readonly callees: readonly Call[];
    }
    const call = ({ name, inline, calls }: Call) => `${calls} ${name}${inline ? " (inline)" : ""}`;
    const found = document.places.flatMap(({ name, flat, cum, callers, callees }: Place) => [
      ...callers.map(call),
      `${flat} ${cum} ${name}`,
      ...callees.map(call),
    ]);
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(10);
  });

  it("of tags has the sums of pprof", async () => {
    const args = ["-symbolize=none", fixture("go-cpu.pb.gz")];
    const document = await json(["tags", ...args]);
    // The pprof of Go 1.19 prints a fraction, and no total of all samples.
    const lines = await theirs(["-tags", "-unit=nanoseconds", ...args]);
    const expected = lines.flatMap((line) => {
      const total = /^ *(\S+): Total (\d+)(?:\.0)?ns/.exec(line);
      if (total) return [`${total[1]} ${total[2]}`];
      const value = /^ *(\d+)(?:\.0)?ns \([^)]*\): (.*)$/.exec(line);
      return value ? [`${value[2]} ${value[1]}`] : [];
    });
    interface Tag {
      readonly key: string;
      readonly total: number;
      readonly values: readonly { readonly name: string; readonly value: number }[];
    }
    const found = document.tags.flatMap(({ key, total, values }: Tag) => [
      `${key} ${total}`,
      ...values.map(({ name, value }) => `${name} ${value}`),
    ]);
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(5);
  });

  it("of traces has the samples that protobufjs finds", async () => {
    const file = fixture("go-heap.pb.gz");
    const document = await json(["traces", "-sample_index=1", "-symbolize=none", file]);
    const plain = decodedProfile(readFileSync(file));
    const text = (index: string) => plain.string_table[Number(index)];
    const functions = new Map(plain.function.map(({ id, name }) => [id, text(name)]));
    const locations = new Map(
      plain.location.map(({ id, line }) => [
        id,
        line.map(({ function_id }, i) => ({
          name: functions.get(function_id),
          inline: i < line.length - 1,
        })),
      ]),
    );
    const expected = plain.sample.map(({ location_id, value, label }) => ({
      value: Number(value[1]),
      labels: [],
      numbers: label.map(({ key, num }) => ({
        key: text(key),
        values: [Number(num)],
        unit: "bytes",
      })),
      frames: location_id.flatMap((id) => locations.get(id)),
    }));
    expect(document.samples).toEqual(expected);
    expect(expected.length).toBe(222);
  });

  it("of list has each line with its values", async () => {
    const source = ["-source_path=fixtures/programs/go", "-trim_path=example.com/orders"];
    const args = [...source, "-symbolize=none", fixture("go-cpu.pb.gz")];
    const document = await json(["list", "Price$", ...args]);
    const text = await run(["list", "Price$", "-unit=ns", ...args]);
    interface Line {
      readonly line: number;
      readonly flat: number;
      readonly cum: number;
      readonly source: string;
    }
    const [file] = document.functions[0].files;
    const value = (amount: number) => (amount === 0 ? "." : `${amount}ns`).padStart(10);
    const expected = file.lines.map(
      ({ line, flat, cum, source: written }: Line) =>
        `${value(flat)} ${value(cum)} ${String(line).padStart(6)}:${written}`,
    );
    expect(expected.length).toBeGreaterThan(5);
    expect(text.stdout).toContain(`\n${expected.join("\n")}\n`);
  });

  it("contains the filters, and divides values by -divide_by", async () => {
    const file = fixture("go-cpu.pb.gz");
    const whole = await json(["top", file]);
    const part = await json(["top", "-focus=flate", "-divide_by=10", file]);
    expect(whole.filters).toEqual([]);
    expect(part.filters).toEqual(["focus=flate"]);
    expect(part.total).toBe(whole.total / 10);
  });

  it("has exact integers beyond 2^53", async () => {
    const file = path.join(folder, "odd.pb");
    writeFileSync(file, oddProfile);
    const text = await run(["top", "-sample_index=cpu", "-symbolize=none", "-trim=false", file]);
    expect(text.code).toBe(0);
    const args = ["traces", "-sample_index=0", "-symbolize=none", "-format=json", file];
    const { stdout } = await run(args);
    expect(schemaProblems(schema, JSON.parse(stdout))).toEqual([]);
    const raw = await run(["-raw", "-symbolize=none", file]);
    // The first value of each sample in the raw report.
    const values = [...raw.stdout.matchAll(/^ *(-?\d+) +-?\d+:/gm)].map(([, value]) => value);
    const found = [...stdout.matchAll(/\{"value": (-?\d+)/g)].map(([, value]) => value);
    expect(values).toEqual(expect.arrayContaining(found));
    expect(found.some((value) => !Number.isSafeInteger(Number(value)))).toBe(true);
  });
});

describe("-format=csv and tsv", () => {
  it("have the numbers of -format=json", async () => {
    const file = fixture("cpp-cpu.pb.gz");
    const document = await json(["top", file]);
    const tsv = await run(["top", "-format=tsv", file]);
    const [head, ...lines] = tsv.stdout.replace(/\n$/, "").split("\n");
    const names = head.split("\t");
    const rows = lines.map((line) =>
      Object.fromEntries(line.split("\t").map((cell, i) => [names[i], cell])),
    );
    expect(rows).toEqual(
      document.rows.map((row: Row) => ({
        ...Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)])),
        unit: "nanoseconds",
        // Cells are never left out.
        function: "",
        file: "",
        line: "",
        column: "",
      })),
    );
    const csv = await run(["-top", "-format", "csv", file]);
    expect(csv.stdout.split("\r\n")[0]).toBe(names.join(","));
    expect(csv.stdout.split("\r\n").length).toBe(lines.length + 2);
  });
});

describe("-format", () => {
  it("is refused for reports without data, with the names of the others", async () => {
    const file = fixture("go-cpu.pb.gz");
    for (const command of ["svg", "raw", "folded", "flame", "web"]) {
      const { code, stdout, stderr } = await run([command, "-format=json", file]);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: "",
        stderr: `tsprof: ${command} has no -format=json; these reports have: top, tree, peek, list, tags, traces\n`,
      });
    }
    const shell = await run(["-format=json", file]);
    expect(shell).toMatchObject({
      code: 2,
      stderr: "tsprof: -format=json is only for reports, such as tsprof top\n",
    });
  });

  it("accepts only known formats, and leaves pprof's -text alone", async () => {
    const file = fixture("go-cpu.pb.gz");
    const wrong = await run(["top", "-format=xml", file]);
    expect(wrong.stderr).toBe(
      'tsprof: -format must be one of text, json, csv, tsv, markdown, github, not "xml"\n',
    );
    const text = await run(["-text", file]);
    const plain = await run(["top", "-format=text", file]);
    expect(text.stdout).toBe(plain.stdout);
    expect((await run(["-text", "-format=json", file])).stdout).toMatch(/^\{\n {2}"schema"/);
  });
});
