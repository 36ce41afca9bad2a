import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { tsprof as tsprofProcess } from "../support/run.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-odd-"));
afterAll(() => rmSync(folder, { recursive: true }));
const CPU = path.join(ROOT, "fixtures/go-cpu.pb.gz");
const FAST = path.join(ROOT, "fixtures/go-cpu-fast.pb.gz");
const SECRET = "s3cr3tT0ken";

/** Runs a command that must fail; returns its exit code and standard error. */
async function failure(args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await tsprof(args, { env, cwd: folder });
  expect(stdout).toBe("");
  return { code, stderr };
}

describe("a request that contradicts itself", () => {
  const HEAP = path.join(ROOT, "fixtures/go-heap.pb.gz");

  it.each<[args: string[], message: string]>([
    [
      ["convert", "-to=speedscope", `-diff_base=${CPU}`, CPU],
      "speedscope cannot hold negative values; leave out -diff_base",
    ],
    [
      ["convert", "-to=cpuprofile", `-base=${FAST}`, CPU],
      "a .cpuprofile cannot hold negative values; leave out -base",
    ],
    [["convert", "-to=nonsense", CPU], "-to must be one of pprof, folded,"],
    [["flame", "-mean", CPU], "a flame graph needs sums of values, not means; leave out -mean"],
    [["top", `-base=${CPU}`, `-diff_base=${CPU}`, CPU], "-base and -diff_base exclude each other"],
    [["top", "-normalize", CPU], "-normalize needs a base profile"],
    [
      ["top", "-header=x", "http://localhost:1/"],
      "-header needs a name and a value, such as 'Authorization: Bearer TOKEN'",
    ],
    [["top", "-tls_key=x", "http://localhost:1/"], "-tls_key needs -tls_cert too"],
    [["raw", "-format=json", CPU], "raw has no -format=json"],
    [["html", "-format=github", CPU], "html has no -format=github"],
    [["info", "-format=csv", CPU], "info has no -format=csv"],
    [["merge", `${CPU}:0`], `${CPU}:0: the weight must be a number above 0`],
    [["serve", "-http=:99999", CPU], "-http must be HOST:PORT"],
    [["top", "-output=x/", CPU], "x/: -output must name a file, not a folder"],
  ])("exits with 2 and names the option that was given: %j", async (args, message) => {
    const { code, stderr } = await failure(args);
    expect(stderr).toContain(`tsprof: ${message}`);
    expect(code).toBe(2);
  });

  it("names the profile without the sample type of the first one", async () => {
    const { code, stderr } = await failure(["diff", CPU, HEAP]);
    expect(stderr).toContain(`${HEAP}: it has no sample type cpu, which the first profile reports`);
    expect(code).toBe(1);
  });
});

describe("a request that cannot be met", () => {
  it.skipIf(process.platform !== "linux")("names the device that is full", async () => {
    for (const args of [["top"], ["svg"], ["proto"]]) {
      expect(await failure([...args, "-output=/dev/full", CPU])).toEqual({
        code: 1,
        stderr: "tsprof: /dev/full: no space left on device\n",
      });
    }
  });

  it("is refused before a program runs, if the output can only be a folder", async () => {
    expect((await failure(["top", "-output=x/", CPU])).stderr).toContain("x/: -output must");
    const touch = `require("fs").writeFileSync("ran", "")`;
    const args = ["record", "-output=y/", "--", process.execPath, "-e", touch];
    expect((await failure(args)).code).toBe(2);
    expect(existsSync(path.join(folder, "ran"))).toBe(false);
  });

  it.skipIf(process.platform !== "linux")("fails soon for endless inputs", async () => {
    for (const device of ["/dev/zero", "/dev/urandom"]) {
      expect(await failure(["top", device])).toMatchObject({ code: 1 });
    }
    const zeros = `head -c 50000000 /dev/zero | '${process.execPath}' '${ROOT}/bin/tsprof.js' top -`;
    expect(() => execFileSync("bash", ["-c", `${zeros} 2>&1`])).toThrow(
      expect.objectContaining({ status: 1 }),
    );
  });

  it("is not a profile with a block of zeros in a pipe", async () => {
    // A comment of zeros; the profile continues behind it.
    const zeros = Buffer.alloc(3_000_000);
    const profile = gunzipSync(readFileSync(CPU));
    const length = Buffer.from([0x80 | (3_000_000 & 127), 0x80 | ((3_000_000 >> 7) & 127), 0, 0]);
    length[2] = 0x80 | ((3_000_000 >> 14) & 127);
    length[3] = 3_000_000 >> 21;
    const input = Buffer.concat([profile, Buffer.from([0x32]), length, zeros]);
    const { code, stdout } = await tsprofProcess(["top", "-"], { input });
    expect(code).toBe(0);
    expect(stdout).toContain("memclrNoHeapPointers");
  });

  it("gets hints without the tokens in URLs", async () => {
    const url = `http://h/p?token=${SECRET}`;
    for (const args of [
      ["tpo", url],
      [url, "tpo"],
      ["top", "-svg", url],
      ["-svg=x.svg", url],
    ]) {
      const { code, stderr } = await failure(args);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).not.toContain(SECRET);
    }
    // Patterns are not changed.
    expect((await failure(["tpo", "a?b=c#d"])).stderr).toContain("'a?b=c#d'");
  });

  it("gets an error that names the option that consumed the profile", async () => {
    const { code, stderr } = await failure(["top", "-n", CPU]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/nodecount must be .*go-cpu/);
  });

  it("is refused with a weight behind a URL, which would be sent to the server", async () => {
    const { code, stderr } = await failure(["merge", "http://localhost:1/p:0.5", CPU]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: /a URL cannot have a weight/ });
  });

  it("is refused with options that have no effect in tsprof's own commands", async () => {
    for (const args of [
      ["flame", "-nodecount=5"],
      ["convert", "-nodecount=5"],
      ["flame", "-call_tree"],
    ]) {
      expect((await failure([...args, CPU])).code).toBe(2);
    }
  });

  it("does not wait for settings that are a pipe", async () => {
    const config = path.join(folder, "config");
    mkdirSync(path.join(config, "pprof"), { recursive: true });
    execFileSync("mkfifo", [path.join(config, "pprof/settings.json")]);
    const { stderr } = await tsprofProcess([CPU], {
      env: { XDG_CONFIG_HOME: config },
      input: "config save x\n",
    });
    expect(stderr).toContain("settings.json: not a regular file");
  });
});

describe("a gate that would pass without a test", () => {
  const [slow, fast] = ["slow", "fast"].map((kind) =>
    path.join(ROOT, `fixtures/go-cpu-${kind}.pb.gz`),
  );

  it("is a rule for a total that -normalize makes equal", async () => {
    const args = ["diff", "-fail_on=total>5%", "-normalize", fast, slow];
    const { code, stderr } = await tsprof(args);
    expect(code).toBe(4);
    expect(stderr).toContain("-normalize makes the totals equal");
    expect((await tsprof([...args, "-allow_missing"])).code).toBe(0);
  });

  it("is a rule for a function with too few samples to judge", async () => {
    const { stdout } = await tsprof(["diff", "-format=json", "-trim=false", fast, slow]);
    const rare = JSON.parse(stdout).rows.find(({ judged }: { judged: boolean }) => !judged);
    const rule = `-fail_on=^${rare.name.replace(/[^\w]/g, ".")}$:cum>5%`;
    const { code, stderr } = await tsprof(["diff", rule, fast, slow]);
    expect({ rule, code }).toEqual({ rule, code: 4 });
    expect(stderr).toContain("no matching function has at least");
  });
});
