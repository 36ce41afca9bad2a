import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/proto.js";

const SRC = path.join(ROOT, "src");

/**
 * The folders of src/ from the bottom up, each with the folders that it may import besides errors/.
 * Data flows from the profile to the printed reports. A session combines the steps; the command
 * line, the shell and the server use sessions.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  errors: [],
  units: [],
  options: [],
  demangle: [],
  profile: ["units"],
  transforms: ["profile", "demangle", "units"],
  formats: ["profile", "units"],
  view: ["transforms", "profile", "demangle", "options", "units"],
  graph: ["view", "profile", "units"],
  report: ["graph", "view", "transforms", "profile", "demangle", "options", "units"],
  render: ["report", "graph", "formats", "profile", "units"],
  picture: ["render", "units"],
  terminal: ["render", "report", "units"],
  platform: ["formats", "profile", "units"],
  fetch: ["platform", "profile"],
  "source-code": ["v8", "platform", "transforms", "profile"],
  symbolize: ["platform", "transforms", "profile"],
  v8: [],
  profiler: ["v8", "source-code", "platform", "render", "transforms", "formats", "profile"],
  record: ["v8", "source-code", "platform", "transforms", "formats", "profile", "units"],
  library: [
    ...["profiler", "source-code", "platform", "render", "report", "view", "formats"],
    ...["transforms", "profile", "demangle", "options", "units"],
  ],
  page: ["render", "report", "graph", "view", "profile", "options", "units"],
  ui: [
    ...["page", "render", "report", "graph", "view", "formats", "transforms", "profile"],
    ...["demangle", "options", "units"],
  ],
  session: [
    ...["page", "terminal", "picture", "symbolize", "source-code", "fetch", "platform", "render"],
    ...["report", "view", "formats", "transforms", "profile", "demangle", "options", "units"],
  ],
  shell: ["session", "terminal", "platform", "view", "profile", "options", "units"],
  server: ["session", "page", "platform", "render", "formats", "profile", "options", "units"],
  cli: ["server", "shell", "session", "record", "v8", "fetch", "platform", "options", "units"],
};

/** The same for the folders of src/ui/. "ui/*" are the files directly in src/ui/. */
const UI_MAY_IMPORT: Record<string, readonly string[]> = {
  "ui/engine": [],
  "ui/search": [],
  "ui/widgets": [],
  "ui/flame-picture": ["ui/search"],
  "ui/*": ["ui/engine"],
  "ui/call-graph": ["ui/search", "ui/widgets"],
  "ui/flame-canvas": ["ui/search", "ui/widgets"],
  "ui/timeline": ["ui/flame-canvas", "ui/search", "ui/widgets"],
  "ui/views": [
    ...["ui/*", "ui/call-graph", "ui/flame-canvas", "ui/timeline", "ui/engine", "ui/search"],
    "ui/widgets",
  ],
  "ui/app": ["ui/views", "ui/*", "ui/flame-canvas", "ui/timeline", "ui/engine", "ui/widgets"],
  "ui/entries": [
    ...["ui/app", "ui/views", "ui/call-graph", "ui/flame-picture", "ui/engine", "ui/widgets"],
  ],
};

/** Folders that also run in a browser. */
const PURE = [
  ...["errors", "units", "options", "demangle", "profile", "transforms", "formats"],
  ...["view", "graph", "report", "render"],
];

/** Packages that pure code may use: they need neither Node nor a browser. */
const PURE_PACKAGES = ["pako", "re2js"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll(path.sep, "/"));

/** Returns the imports of a file: files of src/ by path, packages by name. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(SRC, file), "utf8");
  const found = text.matchAll(/(?:(?<!")\bfrom|\bimport\()\s*"([^"\n]+)"/g);
  return [...found].map(([, name]) =>
    name.startsWith(".")
      ? path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, ".ts")
      : name,
  );
}

const folderOf = (file: string) => file.split("/")[0];
const isUi = (file: string) => file.startsWith("ui/");
const uiFolderOf = (file: string) => (file.split("/").length > 2 ? path.dirname(file) : "ui/*");

/** Lists the imports between folders that `allowed` forbids. */
function wrongImports(folder: (file: string) => string, allowed: typeof MAY_IMPORT): string[] {
  return files
    .filter((file) => folder(file) !== "")
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => name.endsWith(".ts") && folder(name) !== "")
        .filter((name) => ![folder(file), "errors"].includes(folder(name)))
        .filter((name) => !allowed[folder(file)]?.includes(folder(name)))
        .map((name) => `${file} imports ${name}`),
    );
}

describe("the imports of src/", () => {
  it("are found", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(importsOf("cli/main.ts")).toContain("cli/report.ts");
    expect(importsOf("cli/main.ts")).toContain("cli/explain.ts");
  });

  it("go one way between folders", () => {
    expect(wrongImports(folderOf, MAY_IMPORT)).toEqual([]);
  });

  it("go one way between the folders of src/ui/", () => {
    expect(wrongImports((file) => (isUi(file) ? uiFolderOf(file) : ""), UI_MAY_IMPORT)).toEqual([]);
  });

  it("do not lead out of the pure folders", () => {
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
