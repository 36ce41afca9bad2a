import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProfile } from "../../src/library/node.js";
import type { LocationIndex } from "../../src/profile/indices.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { workspacePackages } from "../../src/source-code/workspace-packages.js";
import { framePackages } from "../../src/view/packages.js";

let folder: string;

/** Writes files into the folder of the tests. */
function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

/** Finds the packages of scripts; files with relative names are in the folder of the tests. */
async function packagesOf(...files: string[]): Promise<Record<string, string>> {
  const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
  for (const name of files) {
    const filename = /^(?:[a-z]+:|[/\\])/i.test(name) ? name : path.join(folder, name);
    builder.addFunction({ name: "run", filename });
  }
  const found = await workspacePackages(builder.finish());
  return Object.fromEntries([...found].map(([at, name]) => [path.relative(folder, at), name]));
}

beforeAll(() => {
  // Node resolves links in the path of the temporary folder.
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "tsprof-packages-")));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("workspacePackages", () => {
  it("finds the nearest package.json with a name", async () => {
    write({
      "mono/package.json": '{ "name": "mono" }',
      "mono/src/main.js": "",
      "mono/dist/esm/package.json": '{ "type": "module" }',
      "mono/dist/esm/main.js": "",
      "mono/packages/ui/package.json": '\uFEFF{ "name": "@mono/ui" }',
      "mono/packages/ui/src/deep/button.tsx": "",
      "mono/packages/unused/package.json": '{ "name": "unused" }',
    });
    expect(await packagesOf("mono/src/main.js", "mono/src/main.js")).toEqual({ mono: "mono" });
    expect(await packagesOf("mono/dist/esm/main.js")).toEqual({ mono: "mono" });
    const both = { mono: "mono", "mono/packages/ui": "@mono/ui" };
    expect(await packagesOf("mono/packages/ui/src/deep/button.tsx", "mono/src/main.js")).toEqual(
      both,
    );
    expect(await packagesOf("mono/src/main.js", "mono/packages/ui/src/deep/button.tsx")).toEqual(
      both,
    );
    // A folder of Yarn's virtual copies
    const virtual = "mono/.yarn/__virtual__/ui-virtual-0a1b/1/packages/ui/src/deep/button.tsx";
    expect(await packagesOf(virtual)).toEqual({ "mono/packages/ui": "@mono/ui" });
  });

  it("accepts the URLs of local files", async () => {
    write({ "a b/package.json": '{ "name": "spaced" }', "a b/x.js": "" });
    const url = `file://${folder}/a%20b/x.js`;
    expect(await packagesOf(url)).toEqual({ "a b": "spaced" });
  });

  it.each([
    ["broken JSON", "{"],
    ["an empty file", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["an empty name", '{ "name": "" }'],
    ["a number as the name", '{ "name": 1 }'],
    ["a name that is too long", `{ "name": "${"x".repeat(215)}" }`],
    ["too much text", `{ "name": "large", "x": "${"x".repeat(2 ** 20)}" }`],
  ])("skips a package.json with %s", async (_, text) => {
    write({
      "outer/package.json": '{ "name": "outer" }',
      "outer/inner/package.json": text,
      "outer/inner/src/a.js": "",
    });
    expect(await packagesOf("outer/inner/src/a.js")).toEqual({ outer: "outer" });
  });

  it("skips what is not a regular file", async () => {
    write({
      "odd/package.json": '{ "name": "odd" }',
      "odd/a/package.json/x": "",
      "odd/b/x.js": "",
    });
    execFileSync("mkfifo", [path.join(folder, "odd/b/package.json")]);
    expect(await packagesOf("odd/a/x.js", "odd/b/x.js")).toEqual({ odd: "odd" });
  });

  it("looks only into the folders of local scripts", async () => {
    write({
      "app/package.json": '{ "name": "app" }',
      "app/node_modules/x/package.json": '{ "name": "x" }',
      "app/node_modules/x/y.js": "",
      "app/main.c": "",
    });
    const within = (name: string) => path.join(folder, name);
    expect(
      await packagesOf(
        ...["app/node_modules/x/y.js", "app/main.c", "app/missing/a.js", "app/main.c/a.js"],
        ...["webpack://app/./src/a.js", `http://localhost${within("app/a.js")}`, "node:fs"],
        ...[
          `/${within("app/a.js")}`,
          `file://server${within("app/a.js")}`,
          "\\\\server\\app\\a.js",
        ],
      ),
    ).toEqual({});
    const relative = path.relative(process.cwd(), within("app/a.js"));
    const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
    builder.addFunction({ name: "run", filename: relative });
    expect((await workspacePackages(builder.finish())).size).toBe(0);
  });

  it("finds the packages of a real program in workspaces", async () => {
    const spin = (name: string) => `export function ${name}() {
      const end = performance.now() + 60;
      while (performance.now() < end) for (let i = 0; i < 1000; i++) Math.sqrt(i);
    }`;
    write({
      "shop/package.json": '{ "name": "shop", "type": "module", "workspaces": ["packages/*"] }',
      "shop/main.js": `import { draw } from "@shop/ui"; import { dep } from "dep"; ${spin("own")}
        own(); draw(); dep();`,
      "shop/packages/ui/package.json":
        '{ "name": "@shop/ui", "type": "module", "exports": "./src/ui.js" }',
      "shop/packages/ui/src/ui.js": spin("draw"),
      "shop/node_modules/.pnpm/dep@1.0.0/node_modules/dep/package.json":
        '{ "name": "dep", "type": "module", "exports": "./dep.js" }',
      "shop/node_modules/.pnpm/dep@1.0.0/node_modules/dep/dep.js": spin("dep"),
    });
    const shop = path.join(folder, "shop");
    mkdirSync(path.join(shop, "node_modules/@shop"));
    symlinkSync("../../packages/ui", path.join(shop, "node_modules/@shop/ui"));
    symlinkSync(".pnpm/dep@1.0.0/node_modules/dep", path.join(shop, "node_modules/dep"));
    const options = ["--cpu-prof", "--cpu-prof-name=run.cpuprofile", "main.js"];
    execFileSync(process.execPath, options, { cwd: shop });
    const profile = await readProfile(readFileSync(path.join(shop, "run.cpuprofile")));
    const packages = await workspacePackages(profile);
    expect([...packages].sort()).toEqual([
      [shop, "shop"],
      [path.join(shop, "packages/ui"), "@shop/ui"],
    ]);

    const packageOf = framePackages(profile, packages);
    const found = new Map<string, unknown>();
    const { functions, lines, locations, strings } = profile;
    for (let location = 0 as LocationIndex; location < locations.length; location++) {
      const fn = lines.function[locations.lineOffsets[location]];
      const { package: name, module, category } = packageOf(location, fn);
      found.set(strings.get(functions.name[fn]), [name, module, category]);
    }
    expect(found.get("own")).toEqual(["shop", "shop/main.js", "own code"]);
    expect(found.get("draw")).toEqual(["@shop/ui", "@shop/ui/src/ui.js", "own code"]);
    expect(found.get("dep")).toEqual(["dep", "dep/dep.js", "dependencies"]);
  });
});
