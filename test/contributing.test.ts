import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/proto.js";

const read = (name: string) => readFileSync(path.join(ROOT, name), "utf8");
const guide = read("CONTRIBUTING.md");
const architecture = read("docs/architecture.md");

/** A constant that the build defines, not an environment variable. */
const BUILD_CONSTANT = "TSPROF_VERSION";

/** All code that may read environment variables. */
const SOURCES = ["src", "test", "scripts", "bin", "fixtures", ".ci"]
  .flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true }).map((name) =>
      path.join(folder, String(name)),
    ),
  )
  .concat(readdirSync(ROOT))
  .filter((name) => /\.([cm]?[jt]s|sh)$|^\.ci\//.test(name))
  .filter((name) => statSync(path.join(ROOT, name)).isFile());

const variablesIn = (text: string) => text.match(/\bTSPROF_[A-Z_]*[A-Z]\b/g) ?? [];

describe("CONTRIBUTING.md", () => {
  it("lists exactly the environment variables that the code reads", () => {
    const used = new Set(SOURCES.flatMap((name) => variablesIn(read(name))));
    used.delete(BUILD_CONSTANT);
    const tables = guide + read("docs/guides/node.md");
    const listed = [...tables.matchAll(/^\| `(TSPROF_\w+)` /gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual([...used].sort());
  });

  it("names scripts of package.json", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const named = [...guide.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe.each([
  ["CONTRIBUTING.md", guide],
  ["docs/architecture.md", architecture],
])("%s", (_, text) => {
  it("names files and folders that exist", () => {
    const named = [
      ...text.matchAll(/`((?:src|test|scripts|fixtures|docs|examples|bin|\.ci)\/[\w./-]*)`/g),
    ].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(10);
    const missing = named
      .filter((name) => !name.includes("NAME"))
      .filter((name) => !existsSync(path.join(ROOT, name)));
    expect(missing).toEqual([]);
  });
});

describe("docs/architecture.md", () => {
  const foldersOf = (folder: string) =>
    readdirSync(path.join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

  it("describes each folder of src/", () => {
    const missing = foldersOf("src").filter((name) => !architecture.includes(`\`${name}/\``));
    expect(missing).toEqual([]);
  });

  it("gives a reason for each dependency", () => {
    const { dependencies = {}, devDependencies } = JSON.parse(read("package.json"));
    expect(dependencies).toEqual({});
    const unexplained = Object.keys(devDependencies)
      .filter((name) => !name.startsWith("@types/"))
      .filter((name) => !architecture.includes(`\`${name}\``));
    expect(unexplained).toEqual([]);
  });
});
