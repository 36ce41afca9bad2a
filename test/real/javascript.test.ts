import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultOptions, type Options } from "../../src/options/table.js";
import { MAX_FRAMES } from "../../src/report/flame.js";
import type { FlameFunction } from "../../src/report/flame-functions.js";
import type { Engine } from "../../src/ui/engine/engine.js";
import { sameThreadEngine } from "../../src/ui/engine/same-thread.js";
import { useOneProcess } from "../support/one-process.js";
import { PROGRAMS, type Program, profileProgram } from "./profiles.js";
import { convert, type Row, repeated, topRows } from "./rows.js";
import { type CallFrame, fileOf, identityOf, npmPackageOf, type Sums, Tally } from "./tally.js";

const tsprof = useOneProcess();

interface Profiled {
  file: string;
  converted: string;
  tally: Tally;
}

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-real-"));
const profiled = {} as Record<Program, Profiled>;

beforeAll(async () => {
  for (const program of PROGRAMS) {
    const file = await profileProgram(program, folder);
    const converted = path.join(folder, `${program}.pb.gz`);
    await convert(file, converted);
    profiled[program] = { file, converted, tally: new Tally(readFileSync(file, "utf8")) };
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the identity of a row as {@link identityOf} returns it for V8's node. */
function identityOfRow({
  name: shown,
  function: name = shown,
  file = "",
  line = 0,
  column = 0,
}: Row): string {
  return JSON.stringify([name.startsWith("(anonymous)") ? "" : name, file, line, column]);
}

/** Returns the flat and cum values by key. Fails if two rows have the same key. */
function sumsOf(rows: readonly Row[], keyOf: (row: Row) => string): Record<string, Sums> {
  const sums: Record<string, Sums> = {};
  for (const row of rows) {
    const key = keyOf(row);
    if (key in sums) expect.fail(`two rows are ${key || "<unknown>"}`);
    sums[key] = { flat: row.flat, cum: row.cum };
  }
  return sums;
}

function flatOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { flat }) => sum + flat, 0);
}

/** Returns the sums of a tally by key. */
function expected(tally: Tally, keyOf: (frame: CallFrame) => string): Record<string, Sums> {
  return Object.fromEntries(tally.by(keyOf));
}

describe.each(PROGRAMS)("a profile of %s", (program) => {
  it("was taken of the program at work", () => {
    const { tally } = profiled[program];
    expect(tally.total).toBeGreaterThan(100e6);
    expect(tally.by(identityOf).size).toBeGreaterThan(200);
    expect(
      [...tally.by(({ url }) => npmPackageOf(fileOf(url)) ?? "").keys()].length,
    ).toBeGreaterThan(1);
  });

  it("has the sums of an independent tally for each function", async () => {
    const { file, tally } = profiled[program];
    const { total, rows } = await topRows(file, "-functions");
    expect(total).toBe(tally.total);
    expect(sumsOf(rows, identityOfRow)).toEqual(expected(tally, identityOf));
  });

  it.each(["functions", "filefunctions", "files", "lines", "packages", "modules"])(
    "has no two rows alike at granularity %s",
    async (granularity) => {
      const { rows } = await topRows(profiled[program].file, `-${granularity}`);
      const identities = rows.map(({ name, function: fn, file, line, column, ...start }) =>
        JSON.stringify([name, fn, file, line, column, start.start_line, start.start_column]),
      );
      expect(repeated(identities)).toEqual([]);
    },
  );

  it("has the sums of the tally for each file", async () => {
    const { file, tally } = profiled[program];
    const { rows } = await topRows(file, "-files");
    expect(sumsOf(rows, (row) => row.file ?? "")).toEqual(
      expected(tally, ({ url }) => fileOf(url)),
    );
  });

  it("has the sums of the tally for each package in node_modules, and for Node", async () => {
    const { file, tally } = profiled[program];
    const { rows } = await topRows(file, "-packages");
    const isNodes = (name: string) => name.startsWith("node:");
    const sums = expected(
      tally,
      ({ url }) => npmPackageOf(fileOf(url)) ?? (isNodes(url) ? "Node" : "others"),
    );
    const { Node: node, others, ...packages } = sums;
    const found = rows.filter(({ name }) => name in packages);
    expect(sumsOf(found, ({ name }) => name)).toEqual(packages);
    expect(flatOf(rows.filter(({ name }) => isNodes(name)))).toBe(node.flat);
    const remaining = rows.filter(({ name }) => !(name in packages) && !isNodes(name));
    expect(flatOf(remaining)).toBe(others.flat);
  });

  it("has the same rows after conversion to profile.proto", async () => {
    const { file, converted } = profiled[program];
    for (const option of ["-functions", "-files", "-packages"]) {
      const [before, after] = await Promise.all([
        topRows(file, option),
        topRows(converted, option),
      ]);
      expect(after.rows).toEqual(before.rows);
    }
  });

  it("has the same rows in the page", async () => {
    const { file, tally } = profiled[program];
    const { report } = await (await opened(readFileSync(file))).top(PAGE_OPTIONS);
    const rows = report.rows.map((row) => ({
      ...row,
      line: Number(row.line ?? 0),
      column: Number(row.column ?? 0),
      flat: Number(row.flat),
      cum: Number(row.cum),
    }));
    expect(sumsOf(rows, identityOfRow)).toEqual(expected(tally, identityOf));
  });

  it("has a flame graph with the 200 heaviest frames of the tally, in their files", async () => {
    const { file, tally } = profiled[program];
    const engine = await opened(readFileSync(file));
    const { report } = await engine.flame(PAGE_OPTIONS, { limit: MAX_FRAMES });
    const { functions, tree } = report;
    /** The frames of the flame graph whose callers are the frames of a stack. */
    const callees = (caller: number) => {
      const frames: number[] = [];
      for (let f = caller + 1; f < tree.ends[caller]; f = tree.ends[f]) frames.push(f);
      return frames;
    };
    const found = new Map<unknown, number>();
    const wrong: unknown[] = [];
    for (const stack of tally.heaviest(200)) {
      const { frame, total } = stack[stack.length - 1];
      const caller = stack.length > 1 ? found.get(stack[stack.length - 2]) : 0;
      if (caller === undefined) continue;
      const shown = callees(caller).filter(
        (callee) =>
          isFunction(functions[tree.functions[callee]], frame) &&
          Number(tree.plus[callee]) === total,
      );
      if (shown.length === 0) wrong.push({ ...frame, total, depth: stack.length });
      else found.set(stack[stack.length - 1], shown[0]);
    }
    expect(wrong).toEqual([]);
    expect(found.size).toBe(200);
  });
});

it("has no two rows alike after source maps are applied", async () => {
  const { file, tally } = profiled.eslint;
  const args = ["top", "-sample_index=wall", "-format=json", "-nodecount=0", "-nodefraction=0"];
  const { stdout, stderr } = await tsprof([...args, file]);
  expect(stderr).toContain("source map");
  const { total, rows }: { total: number; rows: Row[] } = JSON.parse(stdout);
  expect(total).toBe(tally.total);
  expect(flatOf(rows)).toBe(total);
  expect(repeated(rows.map(identityOfRow))).toEqual([]);
});

it("finds the package of a program's own code", async () => {
  const { file, tally } = profiled["Fastify service"];
  const { rows } = await topRows(file, "-packages");
  const own = expected(tally, ({ url }) => String(url.endsWith("/service.mjs")));
  expect(rows.find(({ name }) => name === "tsprof")).toMatchObject(own.true);
});

/** Tests whether a function of a flame graph has the name, file and line of V8's node. */
function isFunction({ name, file }: FlameFunction, frame: CallFrame): boolean {
  const { functionName, lineNumber, columnNumber } = frame;
  const ownFile = fileOf(frame.url);
  const [own, path = "", line = "", column] =
    /^(.*?)(?: (\S+?):(\d+)(?::(\d+))?)?$/.exec(name)?.slice(1) ?? [];
  return (
    own === (functionName || "(anonymous)") &&
    // Node's files are known from the name.
    (file === ownFile || (file === "" && path === ownFile)) &&
    (ownFile === "" || Number(line) === lineNumber + 1) &&
    (column === undefined || Number(column) === columnNumber + 1)
  );
}

/** Opens a profile as the page of the web interface does. */
async function opened(bytes: Uint8Array): Promise<Engine> {
  const engine = sameThreadEngine();
  await engine.open({ bytes, options: PAGE_OPTIONS });
  return engine;
}

const PAGE_OPTIONS: Options = {
  ...defaultOptions(),
  symbolize: "none",
  sample_index: "wall",
  nodecount: 0,
  nodefraction: 0,
};
