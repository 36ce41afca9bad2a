import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OneProcess } from "../scripts/one-process.mjs";
import {
  brokenLinks,
  commandsIn,
  documentsIn,
  expectShown,
  scriptsIn,
} from "./support/documents.js";
import { runJest } from "./support/jest.js";
import { moduleResolutionErrors } from "./support/module-resolutions.js";
import { ROOT } from "./support/proto.js";
import { type RunResult, runProgram, testEnv } from "./support/run.js";

/** The limit for the size of the download. */
const MAX_PACKED_BYTES = 7_000_000;
const MAX_EXAMPLES_BYTES = 60_000;

const scratch = mkdtempSync(path.join(os.tmpdir(), "tsprof-package-"));
/** A folder with only the installed package. */
const app = path.join(scratch, "app");
const installed = path.join(app, "node_modules/tsprof");
/** Options with which npm sends no requests to the registry. */
const NPM_OPTIONS = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier"];
let tarball = "";
let installation: RunResult;

beforeAll(async () => {
  // Pack the existing build instead of building, because other tests use it.
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", scratch];
  const packed = await runProgram("npm", [...pack, ...NPM_OPTIONS]);
  expect(packed).toMatchObject({ code: 0, stderr: "" });
  tarball = path.join(scratch, packed.stdout.trim());
  mkdirSync(app);
  installation = await runProgram("npm", ["install", ...NPM_OPTIONS, tarball], { cwd: app });
}, 300_000);

afterAll(() => rmSync(scratch, { recursive: true }));

/** The environment of a user of the package. */
const env = {
  PATH: `${path.join(app, "node_modules/.bin")}${path.delimiter}${process.env.PATH}`,
  HOME: scratch,
  // Commands that open a browser run `true` instead.
  BROWSER: "true",
  npm_config_offline: "true",
  npm_config_update_notifier: "false",
};

describe("npm install in a clone", () => {
  interface Locked {
    resolved?: string;
    deprecated?: string;
    hasInstallScript?: boolean;
  }
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const namesOf = (isMeant: (locked: Locked) => unknown) =>
    Object.keys(packages).filter((name) => isMeant(packages[name]));

  it("has no package for other versions of Node", async () => {
    const clone = path.join(scratch, "clone");
    mkdirSync(clone);
    for (const name of ["package.json", "package-lock.json", ".npmrc"]) {
      copyFileSync(path.join(ROOT, name), path.join(clone, name));
    }
    const install = ["install", "--dry-run", "--ignore-scripts", ...NPM_OPTIONS];
    expect(await runProgram("npm", install, { cwd: clone })).toMatchObject({ code: 0, stderr: "" });
  });

  it("has no deprecated packages, and runs only install scripts that are allowed", () => {
    expect(namesOf(({ deprecated }) => deprecated)).toEqual([]);
    const { allowScripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    expect(namesOf(({ hasInstallScript }) => hasInstallScript)).toEqual(
      Object.keys(allowScripts).map((name) => `node_modules/${name}`),
    );
  });

  it("names no registry", () => {
    expect(namesOf(({ resolved }) => resolved)).toEqual([]);
    const runners = path.join(ROOT, "test/support/runners/package-lock.json");
    expect(readFileSync(runners, "utf8")).not.toContain('"resolved"');
  });
});

describe("the packed package", () => {
  it("is installed without warnings and without dependencies", () => {
    expect(installation).toMatchObject({ code: 0, stderr: "" });
    expect(installation.stdout.trim()).toMatch(/^added 1 package in .*$/);
    expect(
      readdirSync(path.join(app, "node_modules")).filter((name) => !name.startsWith(".")),
    ).toEqual(["tsprof"]);
  });

  it("is small", () => {
    expect(statSync(tarball).size).toBeLessThan(MAX_PACKED_BYTES);
    const examples = readdirSync(path.join(installed, "examples")).map((name) =>
      statSync(path.join(installed, "examples", name)),
    );
    expect(examples.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(MAX_EXAMPLES_BYTES);
  });

  it("contains the licenses", () => {
    for (const name of ["LICENSE", "dist/THIRD-PARTY-LICENSES.txt"]) {
      const text = readFileSync(path.join(installed, name), "utf8");
      expect(text).toBe(readFileSync(path.join(ROOT, name), "utf8"));
      expect(readFileSync(path.join(installed, "README.md"), "utf8")).toContain(
        path.basename(name),
      );
    }
  });

  it("gives the same objects to import and require, under each of its names", async () => {
    const { exports } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8"));
    const names = Object.keys(exports).filter((name) => !name.endsWith(".json"));
    const program = `
      import { deepStrictEqual } from "node:assert";
      import { createRequire } from "node:module";
      const require = createRequire(process.cwd() + "/");
      for (const name of ${JSON.stringify(names.map((name) => `tsprof${name.slice(1)}`))}) {
        // A CommonJS module without names, such as tsprof/auto, has these.
        const { default: _, "module.exports": same, ...imported } = await import(name);
        deepStrictEqual(imported, { ...require(name) });
      }`;
    const args = ["--input-type=module", "-e", program];
    expect(await runProgram(process.execPath, args, { cwd: app })).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  it("has types for every module resolution", { timeout: 300_000 }, async () => {
    expect(await moduleResolutionErrors(scratch, path.join(app, "node_modules"))).toBe("");
  });

  it("profiles tests in Jest", { timeout: 300_000 }, async () => {
    const { code, stderr } = await runJest(scratch, path.join(app, "node_modules"));
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^Tests: +6 passed, 6 total$/m);
  });

  it.each([
    ["publint", "publint/src/cli.js", "--strict"],
    ["Are the Types Wrong", "@arethetypeswrong/cli/dist/index.js", "--no-definitely-typed"],
  ])("satisfies %s", { timeout: 300_000 }, async (_, program, option) => {
    const args = [path.join(ROOT, "node_modules", program), tarball, option];
    const { code, stdout, stderr } = await runProgram(process.execPath, args);
    expect({ code, text: stdout + stderr }).toMatchObject({
      code: 0,
      text: expect.stringMatching(/All good!|No problems found/),
    });
  });
});

describe("the documents of the packed package", () => {
  it("link to files that are in the package", () => {
    const documents = documentsIn(installed);
    expect(documents).toContain("docs/architecture.md");
    expect(documents).toContain("examples/README.md");
    const broken = documents.map((document) => ({
      document,
      links: brokenLinks(installed, document),
    }));
    expect(broken.filter(({ links }) => links.length > 0)).toEqual([]);
  });

  it("show commands that work in a folder without the repository", {
    timeout: 300_000,
  }, async () => {
    const text = readFileSync(path.join(installed, "README.md"), "utf8");
    const scripts = scriptsIn(text);
    // From here on, the examples are in the folder, as in a clone.
    expect(scripts.join()).toContain("cp -r node_modules/tsprof/examples .");
    for (const script of scripts) {
      const result = await runProgram("bash", ["-e", "-c", script], { cwd: app, env });
      expect({ script, ...result }).toMatchObject({ script, code: 0 });
    }
    const shown = commandsIn(text);
    expect(shown.length).toBeGreaterThan(5);
    const process = new OneProcess(installed);
    try {
      await expectShown(shown, "", { cwd: app, env }, (args) =>
        process.run(args, { cwd: app, env: testEnv(env) }),
      );
    } finally {
      process.stop();
    }
  });

  it("show commands with files of the package", () => {
    // readme.test.ts runs these commands in the repository.
    const text = readFileSync(path.join(installed, "docs/getting-started.md"), "utf8");
    const files = commandsIn(text).flatMap(({ command }) => command.match(/examples\/\S+/g) ?? []);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(existsSync(path.join(installed, file)), file).toBe(true);
  });
});
