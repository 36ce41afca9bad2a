import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startPprofServer } from "../../src/library/http.js";
import {
  heapProfile,
  startHeapSampling,
  stopHeapSampling,
  writeProfile,
} from "../../src/library/profiler.js";
import { useGoServer } from "../support/go-server.js";
import { schemaProblems } from "../support/json-schema.js";
import { ProgramFolder, SLOW } from "../support/program-folder.js";
import { ROOT } from "../support/proto.js";
import { tsprof } from "../support/run.js";

const SCHEMA = JSON.parse(readFileSync(path.join(ROOT, "docs/schema/tsprof.schema.json"), "utf8"));

const folder = new ProgramFolder();
const go = useGoServer();

afterEach(stopHeapSampling);

const leak = (...args: string[]) => tsprof(["leak", ...args], { cwd: folder.path });

/** Functions that allocate: `keep` for good, `replace` a store that is replaced again and again. */
const kept: unknown[] = [];
const ring: unknown[] = [];
function keep(count: number): void {
  for (let i = 0; i < count; i++) kept.push({ a: i, b: String(i), c: [i] });
}
function replace(count: number): void {
  for (let i = 0; i < count; i++) {
    ring.push(new Array(20).fill(i));
    if (ring.length > 2000) ring.shift();
  }
}

interface Row {
  readonly name: string;
  readonly growth: number;
  readonly real: boolean;
  readonly noise: number;
}

function rowOf(json: string, name: string): Row | undefined {
  const { rows } = JSON.parse(json) as { readonly rows: readonly Row[] };
  return rows.find((row) => row.name.startsWith(`${name} `));
}

describe("leak", { timeout: SLOW }, () => {
  it("finds what a server of tsprof/http never frees, and saves the growth", async () => {
    const server = await startPprofServer({ port: 0 });
    await startHeapSampling({ intervalBytes: 16 * 1024 });
    keep(1000);
    const before = JSON.stringify(kept).length;
    const timer = setInterval(() => {
      keep(200);
      replace(500);
    }, 10);
    try {
      const { stdout, stderr, code } = await leak(
        ...["-seconds=2", "-timeout=60", "-format=json", `localhost:${server.port}`],
      );
      expect(code, stderr).toBe(0);
      expect(schemaProblems(SCHEMA, JSON.parse(stdout))).toEqual([]);
      expect(JSON.parse(stdout)).toMatchObject({
        schema: "tsprof/leak/1",
        interval: 16 * 1024,
        knows_turnover: true,
      });
      const grown = JSON.stringify(kept).length - before;
      const row = rowOf(stdout, "keep");
      expect(row).toMatchObject({ real: true });
      expect(row?.growth).toBeGreaterThan(grown);
      expect(rowOf(stdout, "replace")?.real ?? false).toBe(false);
      expect(stderr).toContain("wrote the growth to leak001.pb.gz");
    } finally {
      clearInterval(timer);
      await server.close();
    }
    // All reports read the growth, and so does the command itself.
    expect(await folder.report("top", "leak001.pb.gz")).toMatch(/[kM]B +\S+ +\S+ +\S+ +\S+ +keep/);
    const again = await leak("leak001.pb.gz");
    expect(again.stdout).toMatch(/^Memory in use grew by .* in \d+\.\d+s \(\+.* per minute\)\.\n/);
    expect(again.stdout).toMatch(/\n *\+\S+\* .* keep leak\.test\.ts:\d+\n/);
    expect(again.stdout).toContain("Where most of it is allocated:\n  keep leak.test.ts:");
    expect(again.stderr).toBe("");
    expect(readdirSync(folder.path).filter((name) => name.startsWith("leak"))).toHaveLength(1);
    const markdown = await leak("-format=markdown", "leak001.pb.gz");
    expect(markdown.stdout).toContain("| `keep leak.test.ts:");
  });

  it("watches a process, with its workers", async () => {
    const file = folder.program(
      "leaky.cjs",
      `const { Worker, isMainThread, parentPort } = require("node:worker_threads");
      const kept = [];
      function keepInMain() { for (let i = 0; i < 500; i++) kept.push({ i }); }
      function keepInWorker() { for (let i = 0; i < 500; i++) kept.push({ i }); }
      if (isMainThread) new Worker(__filename, { name: "helper" }).on("message", () => console.log("up"));
      else parentPort.postMessage(1);
      setInterval(isMainThread ? keepInMain : keepInWorker, 5);`,
    );
    const { child } = await folder.startUntil("up", process.execPath, [file]);
    const args = ["-pid", String(child.pid), "-seconds=1", "-interval=4kb", "-output=pid.pb.gz"];
    const { stdout, stderr, code } = await leak(...args);
    expect(code, stderr).toBe(0);
    for (const name of ["keepInMain", "keepInWorker"]) {
      expect(stdout).toMatch(new RegExp(`\\n *\\+\\S+\\* .* ${name} leaky\\.cjs:\\d+\\n`));
    }
    expect(await folder.report("tags", "pid.pb.gz")).toContain("helper");
    child.kill();
  });

  it("compares profiles of Go, and two files", async () => {
    const { stdout, stderr, code } = await leak("-seconds=1", "-output=go.pb.gz", go.plain);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Memory in use (grew|shrank) by .* in \d.*s /);
    expect(existsSync(path.join(folder.path, "go.pb.gz"))).toBe(true);

    await startHeapSampling({ intervalBytes: 16 * 1024 });
    keep(1000);
    const save = async (name: string) =>
      writeFileSync(path.join(folder.path, name), await writeProfile(await heapProfile()));
    await save("before.pb.gz");
    keep(50_000);
    await save("after.pb.gz");
    const files = await leak("before.pb.gz", "after.pb.gz");
    expect(files.stderr).toBe("");
    expect(files.stdout).toContain("It is not known what was freed");
    expect(files.stdout).toMatch(/growth +noise +per minute +objects +after +before +function\n/);
    expect(files.stdout).toMatch(/\n *\+\S+\* .* keep leak\.test\.ts:\d+\n/);
  });

  it("says in one line what it cannot compare", async () => {
    await stopHeapSampling();
    const server = await startPprofServer({ port: 0 });
    const cases: readonly (readonly [string[], string])[] = [
      [[], "leak needs a server with heap profiles, or two heap profiles"],
      [["before.pb.gz"], "leak compares two heap profiles, and before.pb.gz is only one"],
      [["a", "b", "c"], "leak compares two profiles, not more"],
      [["missing.pb.gz", "before.pb.gz"], "missing.pb.gz"],
      [["before.pb.gz", "cpu.pb.gz"], "cpu.pb.gz: "],
      [["-pid=x"], "-pid must be ids of processes"],
      [["-pid=1", "before.pb.gz"], "leave out -pid or the sources"],
      [["-seconds=0", "localhost:1"], "-seconds must be"],
      [["-focus=x", "before.pb.gz", "before.pb.gz"], "leak does not take -focus"],
      [["-format=github", "leak001.pb.gz"], "leak has no -format=github"],
    ];
    // Takes as long as heap profiles of programs that sample their heap on request.
    const unsampled = leak(`localhost:${server.port}`);
    try {
      for (const [args, message] of cases) {
        const { stdout, stderr, code } = await leak(...args);
        expect({ stdout, isFailure: code !== 0 }, args.join(" ")).toEqual({
          stdout: "",
          isFailure: true,
        });
        expect(stderr.trim().split("\n").at(-1), args.join(" ")).toContain(message);
      }
      expect((await unsampled).stderr).toContain("call startHeapSampling() at its start");
    } finally {
      await server.close();
    }
  });
});
