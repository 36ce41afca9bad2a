import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/proto.js";

const SRC = path.join(ROOT, "src");

/**
 * The folders of src/, and which of the others each may import. Data goes one way, from
 * the profile to what is printed. A session puts it all together, and the command line and the
 * shell ask sessions.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  units: [],
  options: [],
  profile: ["units"],
  view: ["profile", "units", "options"],
  graph: ["view", "profile", "units"],
  report: ["graph", "view", "profile", "options", "units"],
  render: ["report", "graph", "profile", "units"],
  picture: ["render", "units"],
  node: ["profile", "units"],
  web: ["render", "report", "graph", "view", "profile", "options", "units"],
  "web/client": [
    "web",
    "web/single-file",
    "render",
    "report",
    "graph",
    "view",
    "profile",
    "options",
    "units",
  ],
  "web/single-file": ["web", "render"],
  "web/server": ["web", "session", "node", "render", "profile", "options", "units"],
  terminal: ["render", "report", "units"],
  session: [
    "web",
    "web/single-file",
    "terminal",
    "node",
    "picture",
    "render",
    "report",
    "view",
    "profile",
    "options",
    "units",
  ],
  profiler: ["node", "render", "profile", "units"],
  library: ["profiler", "node", "render", "report", "view", "profile", "options", "units"],
  shell: ["session", "terminal", "node", "view", "profile", "options", "units"],
  record: ["node", "profile", "units"],
  cli: ["web/server", "shell", "session", "record", "node", "options", "units"],
};

/** Folders that also run in a browser. */
const PURE = ["units", "options", "profile", "view", "graph", "report", "render"];

/** Packages that pure code may use: they need neither Node nor a browser. */
const PURE_PACKAGES = ["pako", "re2js"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll(path.sep, "/"));

/** What a file imports: files of src/ by their path there, packages by their name. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(SRC, file), "utf8");
  const found = text.matchAll(/(?:\bfrom|\bimport\()\s*"([^"]+)"/g);
  return [...found].map(([, name]) =>
    name.startsWith(".")
      ? path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, ".ts")
      : name,
  );
}

/** Folders within src/web/ are apart: a browser's, a server's, and what both of them know. */
const folderOf = (file: string) => file.match(/^web\/[^/]+(?=\/)|^[^/]+/)?.[0] ?? "";

describe("the imports of src/", () => {
  it("are found at all", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(importsOf("cli/main.ts")).toContain("cli/report.ts");
    expect(importsOf("cli/main.ts")).toContain("cli/explain.ts");
  });

  it("go one way between folders", () => {
    const wrong = files.flatMap((file) => {
      const from = folderOf(file);
      return importsOf(file)
        .filter((name) => name.endsWith(".ts"))
        .filter((name) => folderOf(name) !== from && !MAY_IMPORT[from]?.includes(folderOf(name)))
        .map((name) => `${file} imports ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it("lead to nothing outside of the pure folders from within", () => {
    const wrong = files
      .filter((file) => PURE.includes(folderOf(file)))
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => !name.endsWith(".ts") && !PURE_PACKAGES.includes(name))
          .map((name) => `${file} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it("have no cycles", () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]) => {
      if (trail.includes(file))
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      if (trail.includes(file) || done.has(file)) return;
      for (const name of importsOf(file)) {
        if (name.endsWith(".ts")) visit(name, [...trail, file]);
      }
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
