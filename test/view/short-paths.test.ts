import { describe, expect, it } from "vitest";
import { shortPaths } from "../../src/view/short-paths.js";

/** Returns the short forms in the order of the paths. */
function short(...paths: string[]): (string | undefined)[] {
  const forms = shortPaths(paths);
  return paths.map((path) => forms.get(path));
}

describe("the short form of a path", () => {
  it("differ for a package and for a folder of the same name", () => {
    const paths = [
      "/app/node_modules/core/index.js",
      "/app/packages/core/index.js",
      "/app/packages/web/index.js",
      "/app/node_modules/@s/ui/lib/index.js",
      "/app/@s/ui/lib/index.js",
      "core/index.js",
    ];
    const short = shortPaths(paths);
    expect(new Set(short.values()).size).toBe(paths.length);
    expect([...short.values()].filter((form) => form.length > 30)).toEqual([]);
    expect(short.get("/app/packages/web/index.js")).toBe("web/index.js");
  });

  it("is its base name if no other path has it", () => {
    expect(short("/srv/app/a.js", "/srv/app/b.js")).toEqual(["a.js", "b.js"]);
  });

  it("has as many folders as necessary", () => {
    expect(short("/srv/a/x/index.js", "/srv/b/x/index.js", "/srv/b/y/index.js")).toEqual([
      "a/x/index.js",
      "b/x/index.js",
      "y/index.js",
    ]);
  });

  it("is the whole path if that is the end of another one", () => {
    expect(short("x/a.js", "/srv/x/a.js", "a.js")).toEqual(["x/a.js", "srv/x/a.js", "a.js"]);
  });

  it("begins with the name of the npm package", () => {
    const modules = "/srv/app/node_modules";
    expect(
      short(
        `${modules}/json-schema-traverse/index.js`,
        `${modules}/express/lib/router.js`,
        `${modules}/eslint/lib/shared/traverser.js`,
        `${modules}/eslint/lib/rules/index.js`,
        `${modules}/eslint/lib/linter/index.js`,
        `${modules}/@babel/core/lib/config/files/index.js`,
        "/srv/app/index.js",
      ),
    ).toEqual([
      "json-schema-traverse/index.js",
      "express/lib/router.js",
      "eslint/…/traverser.js",
      "eslint/lib/rules/index.js",
      "eslint/lib/linter/index.js",
      "@babel/core/…/index.js",
      "index.js",
    ]);
  });

  it("tells two copies of a package apart", () => {
    expect(
      short("/a/node_modules/ms/index.js", "/a/node_modules/b/node_modules/ms/index.js"),
    ).toEqual(["a/node_modules/ms/index.js", "b/node_modules/ms/index.js"]);
    const pnpm = "/a/node_modules/.pnpm";
    expect(
      short(
        `${pnpm}/ms@2.0.0/node_modules/ms/index.js`,
        `${pnpm}/ms@2.1.3/node_modules/ms/index.js`,
      ),
    ).toEqual(["ms@2.0.0/node_modules/ms/index.js", "ms@2.1.3/node_modules/ms/index.js"]);
  });

  it("is the whole name of a module of Node, and of text that is no path", () => {
    expect(
      short("node:internal/fs/utils", "[eval]", "<anonymous>", "evalmachine.<anonymous>"),
    ).toEqual(["node:internal/fs/utils", "[eval]", "<anonymous>", "evalmachine.<anonymous>"]);
  });

  it("keeps the query of a URL, and reads the slashes of Windows", () => {
    expect(
      short(
        "https://a.test/js/app.js?v=1/2",
        "C:\\src\\main.js",
        "C:\\src\\node_modules\\ms\\index.js",
      ),
    ).toEqual(["app.js?v=1/2", "main.js", "ms\\index.js"]);
  });

  it("stays short, and is found quickly, among many files with the same base name", () => {
    const paths = Array.from({ length: 30_000 }, (_, i) => `/p${i}/${"deep/".repeat(100)}index.js`);
    const forms = shortPaths(paths);
    expect(forms.get(paths[7])).toBe(paths[7].slice(1));
  });
});
