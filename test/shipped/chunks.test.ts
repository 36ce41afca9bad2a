import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleCommand } from "../../scripts/command-bundle.mjs";
import { flame } from "../../src/report/flame.js";
import { ROOT } from "../support/proto.js";
import { inputFor } from "../support/report-input.js";
import { runProgram } from "../support/run.js";

const CLI = path.join(ROOT, "bin/tsprof.js");
const PROFILE = path.join(ROOT, "fixtures/go-cpu.pb.gz");

/** Chunks that need no other chunk, and so contain modules of other chunks. */
const STANDALONE = ["record-preload.cjs", "record-auto.cjs"];

const scratch = mkdtempSync(path.join(os.tmpdir(), "tsprof-chunks-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("the chunks of the command line", () => {
  interface Chunk {
    readonly fileName: string;
    readonly modules: readonly string[];
    /** Chunks that this chunk loads when it is loaded. */
    readonly imports: readonly string[];
    /** Whether the chunk is a program, which starts when it is loaded. */
    readonly isEntry: boolean;
  }
  let chunks: Chunk[] = [];

  beforeAll(async () => {
    const { files } = await bundleCommand({ version: "0.0.0" });
    chunks = files.flatMap((file) =>
      file.type === "chunk" && !STANDALONE.includes(file.fileName)
        ? [
            {
              fileName: file.fileName,
              modules: file.moduleIds,
              imports: file.imports,
              isEntry: file.isEntry,
            },
          ]
        : [],
    );
  });

  it("are the files of dist/", () => {
    const names = [...chunks.map(({ fileName }) => fileName), ...STANDALONE].sort();
    const built = readdirSync(path.join(ROOT, "dist")).filter((name) => name.endsWith(".cjs"));
    expect(built.sort()).toEqual(names);
  });

  it("contain each module once", () => {
    const modules = chunks.flatMap((chunk) => chunk.modules);
    expect(modules.length).toBeGreaterThan(300);
    expect(modules.filter((id, i) => modules.indexOf(id) !== i)).toEqual([]);
    for (const file of ["src/graph/flame-builder.ts", "node_modules/undici/lib/core/util.js"]) {
      expect(modules.filter((id) => id.endsWith(`/${file}`))).toHaveLength(1);
    }
  });

  it("import each other without cycles", () => {
    const importsOf = new Map(chunks.map(({ fileName, imports }) => [fileName, imports]));
    const reachable = (from: string, found = new Set<string>()): Set<string> => {
      for (const name of importsOf.get(from) ?? []) {
        if (!found.has(name)) reachable(name, found.add(name));
      }
      return found;
    };
    expect([...importsOf.keys()].filter((name) => reachable(name).has(name))).toEqual([]);
  });

  it("do not start another program", () => {
    const entries = chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
    expect(entries).toContain("report-worker.cjs");
    const imported = new Set(chunks.flatMap(({ imports }) => imports));
    imported.delete("tsprof.cjs");
    expect(entries.filter((name) => imported.has(name))).toEqual([]);
  });

  it("are few at start-up", () => {
    const start = chunks.find(({ fileName }) => fileName === "tsprof.cjs");
    const imported = (start?.imports ?? []).filter((name) => name.endsWith(".cjs"));
    expect(imported).toEqual(["shared-rolldown-runtime.cjs"]);
  });

  it("keep the names of functions", async () => {
    const env = { ...process.env, TSPROF_DEBUG: "1" };
    const { stderr } = await runProgram(process.execPath, [CLI, "top", "no-such-file"], { env });
    const stack = [...stderr.matchAll(/ at (?:async )?(\S+) \(.*[\\/]dist[\\/]/g)];
    const names = stack.map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(["readInput", "loadProfile", "Session.open"]));
  });
});

describe("the fast path for unfiltered profiles in src/graph/stack-rows.ts", () => {
  it("is taken under Vitest", async () => {
    const inspector = new Session();
    inspector.connect();
    await inspector.post("Debugger.enable");
    await inspector.post("Profiler.enable");
    await inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    const input = inputFor("flame", "a;b;c 1\na;b 2\nd 3");
    expect(flame(input)).toBeDefined();
    const { result } = await inspector.post("Profiler.takePreciseCoverage");
    const script = result.find(({ url }) => url.endsWith("src/graph/stack-rows.ts"));
    const { scriptSource } = await inspector.post("Debugger.getScriptSource", {
      scriptId: script?.scriptId ?? "",
    });
    inspector.disconnect();
    expect(takesFastPath(scriptSource, script?.functions)).toBe(true);
  });

  it.each([
    ["is taken by the shipped program", [], true],
    ["is not taken by the shipped program where frames are removed", ["-show_from=main"], false],
  ])("%s", async (_, options, isTaken) => {
    const folder = mkdtempSync(path.join(scratch, "coverage-"));
    const args = [CLI, "flame", ...options, "-output", path.join(folder, "x.svg"), PROFILE];
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    expect(await runProgram(process.execPath, args, { env })).toMatchObject({ code: 0 });
    const [report] = readdirSync(folder).filter((name) => name.endsWith(".json"));
    const { result } = JSON.parse(readFileSync(path.join(folder, report), "utf8")) as {
      result: { url: string; functions: FunctionCoverage[] }[];
    };
    const found = result
      .filter(({ url }) => url.includes("/dist/"))
      .map(({ url, functions }) => ({ functions, source: readFileSync(new URL(url), "utf8") }))
      .find(({ source }) => SLOW_BRANCH.test(source));
    expect(takesFastPath(found?.source ?? "", found?.functions)).toBe(isTaken);
  });
});

interface FunctionCoverage {
  ranges: { startOffset: number; endOffset: number; count: number }[];
}

/** `this.isWhole = isWhole; … isWhole ? 0 : SLOW`, up to SLOW. */
const SLOW_BRANCH = /this\.isWhole\s*=\s*(\w+)\s*;[\s\S]*?\b\1\s*\?\s*0\s*:\s*/;

/** Tests by V8's coverage whether the function that computes `isWhole` ran without SLOW. */
function takesFastPath(source: string, functions: readonly FunctionCoverage[] = []): boolean {
  const match = SLOW_BRANCH.exec(source);
  if (!match) throw new Error("isWhole was not found");
  expect(countAt(match.index, functions)).toBeGreaterThan(0);
  return countAt(match.index + match[0].length, functions) === 0;
}

/** Returns how often the code at an offset ran: the count of the smallest range around it. */
function countAt(offset: number, functions: readonly FunctionCoverage[]): number | undefined {
  const around = functions
    .flatMap(({ ranges }) => ranges)
    .filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  return around[0]?.count;
}
