import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type RunResult, runProgram } from "./run.js";
import { RUNNER_PACKAGES } from "./runners.js";

/** The names that the tests below use, by entry point. */
const IMPORTS = {
  tsprof: "ProfileError, readProfile, text, top",
  "tsprof/http": "pprofHandler",
  "tsprof/profiler":
    "heapProfile, startCpuProfile, startHeapSampling, stopHeapSampling, withLabels, writeProfile",
};

const BODY = `
function hot() {
  const end = process.cpuUsage().user + 100_000;
  while (process.cpuUsage().user < end) Math.sqrt(end);
}

test("profiles a function", async () => {
  const profiling = await startCpuProfile();
  withLabels({ route: "/hot" }, hot);
  const profile = await profiling.stop();
  expect(text(profile, { report: "top", tagfocus: "route=/hot" })).toMatch(/ hot .*test\\.m?js:4$/m);
  const read = await readProfile(await writeProfile(profile));
  expect(top(read).total).toBe(top(profile).total);
});

test("profiles the heap", async () => {
  await startHeapSampling({ intervalBytes: 1024 });
  const kept = Array.from({ length: 100_000 }, (_, index) => ({ index }));
  expect(text(await heapProfile(), { report: "top" })).toMatch(/test\\.m?js:/);
  await stopHeapSampling();
  expect(kept).toHaveLength(100_000);
});

test("loads all of the library", async () => {
  await expect(readProfile(new Uint8Array([1, 2]))).rejects.toBeInstanceOf(ProfileError);
  expect(pprofHandler).toBeInstanceOf(Function);
});
`;

/**
 * Runs Jest with a CommonJS test, which babel-jest compiles, and an ES module that use the library.
 * @param folder the parent of a new folder for the tests
 * @param packages a `node_modules` folder with tsprof
 */
export function runJest(folder: string, packages: string): Promise<RunResult> {
  const parent = path.join(folder, "jest");
  const project = path.join(parent, "project");
  mkdirSync(project, { recursive: true });
  symlinkSync(RUNNER_PACKAGES, path.join(parent, "node_modules"), "dir");
  symlinkSync(packages, path.join(project, "node_modules"), "dir");
  const lines = (line: (names: string, from: string) => string) =>
    Object.entries(IMPORTS).map(([from, names]) => line(names, from));
  const required = lines((names, from) => `const { ${names} } = require("${from}");`);
  const imported = lines((names, from) => `import { ${names} } from "${from}";`);
  writeFileSync(path.join(project, "package.json"), "{}");
  writeFileSync(path.join(project, "common.test.js"), required.join("\n") + BODY);
  writeFileSync(path.join(project, "es.test.mjs"), imported.join("\n") + BODY);
  const jest = path.join(RUNNER_PACKAGES, "jest/bin/jest.js");
  const node = [process.execPath, "--experimental-vm-modules", "--no-warnings"];
  // The library must recognise Jest, not Vitest.
  return runProgram("env", ["-u", "VITEST", ...node, jest, "-i"], { cwd: project });
}
