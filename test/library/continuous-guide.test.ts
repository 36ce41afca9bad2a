import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { listening } from "../support/ask.js";
import { ROOT } from "../support/proto.js";
import { testEnv } from "../support/run.js";
import { typeCheck } from "../support/type-check.js";

/** The folder of a program that has tsprof among its packages. */
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-continuous-"));
mkdirSync(path.join(folder, "node_modules"));
symlinkSync(ROOT, path.join(folder, "node_modules/tsprof"), "dir");
afterAll(() => rmSync(folder, { recursive: true }));

const guide = readFileSync(path.join(ROOT, "docs/guides/continuous.md"), "utf8");
const [allTheTime, withFunction, watching, blocking] = [
  ...guide.matchAll(/```js\n([^`]*(?:`[^`]+`[^`]*)*?)```/g),
].map(([, code]) => code);

describe("the guide to profiling in production", () => {
  it("has programs with correct types", { timeout: 120_000 }, () => {
    const programs = { allTheTime, withFunction, watching, blocking };
    expect(typeCheck(folder, programs)).toBe("");
    const wrong = allTheTime.replace("maxFiles: 500", 'maxFiles: "500"');
    expect(typeCheck(folder, { wrong })).toContain("wrong.mts");
  });

  it("has programs that profile, and end by the signal", { timeout: 60_000 }, async () => {
    const requests: string[] = [];
    const port = await listening((request, response) => {
      requests.push(request.url ?? "");
      request.resume();
      request.on("end", () => response.end());
    });
    const url = `http://127.0.0.1:${port}`;
    const driver = `
      const spin = (until) => { while (performance.now() < until); };
      setTimeout(() => spin(performance.now() + 2000), 500);
      setTimeout(() => process.kill(process.pid, "SIGTERM"), 1000);
      setTimeout(() => {}, 30_000);
    `;
    writeFileSync(path.join(folder, "program.mjs"), allTheTime + watching + blocking + driver);
    const child = spawn(process.execPath, ["program.mjs"], {
      cwd: folder,
      env: testEnv({ PYROSCOPE_URL: url, PROFILES_URL: `${url}/blocked` }),
    });
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const files = readdirSync(path.join(folder, "profiles")).sort();
    expect(files.map((name) => name.replace(/-.*/, ""))).toEqual(["cpu", "heap"]);
    const ingests = requests.filter((address) => address.startsWith("/ingest?"));
    expect(ingests.length).toBe(2);
    const name = new URL(`http://x${ingests[0]}`).searchParams.get("name");
    expect(name).toMatch(/^shop\{version=1\.4\.2,host=.*\}$/);
  });
});
