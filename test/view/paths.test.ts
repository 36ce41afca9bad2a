import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { basePath, cleanPath, trimSourcePath } from "../../src/view/paths.js";

/** The results of Go; paths.go.txt is the program that made them. */
const TABLE = JSON.parse(readFileSync(new URL("./paths-table.json", import.meta.url), "utf8")) as {
  clean: [path: string, cleaned: string][];
  base: [path: string, base: string][];
  trim: [path: string, trimPath: string, sourcePath: string, trimmed: string][];
};

describe("file paths are treated as in Go", () => {
  it("with hundreds of paths to compare", () => {
    expect(TABLE.clean.length).toBeGreaterThan(300);
    expect(TABLE.base.length).toBe(TABLE.clean.length);
    expect(TABLE.trim.length).toBeGreaterThan(300);
  });

  it("when cleaned", () => {
    expect(TABLE.clean.map(([path]) => [path, cleanPath(path)])).toEqual(TABLE.clean);
  });

  it("when reduced to their last part", () => {
    expect(TABLE.base.map(([path]) => [path, basePath(path)])).toEqual(TABLE.base);
  });

  it("when trimmed by a prefix or by the source path", () => {
    expect(
      TABLE.trim.map(([path, trimPath, sourcePath]) => [
        path,
        trimPath,
        sourcePath,
        trimSourcePath(path, trimPath, sourcePath),
      ]),
    ).toEqual(TABLE.trim);
  });
});

describe("trimSourcePath", () => {
  it("removes the first prefix that ends at a slash", () => {
    expect(trimSourcePath("/home/me/app/x.c", "/home/you:/home/me:/home", "")).toBe("app/x.c");
    expect(trimSourcePath("/home/me/x.c", "/home/m", "")).toBe("/home/me/x.c");
  });

  it("finds the last folder of a source path entry in the path", () => {
    expect(trimSourcePath("/build/7/app/src/x.c", "", "/home/me/app")).toBe("src/x.c");
  });

  it("ignores the source path if there are prefixes", () => {
    expect(trimSourcePath("/build/7/app/src/x.c", "/nowhere", "/home/me/app")).toBe(
      "/build/7/app/src/x.c",
    );
  });

  it("always removes Bazel's sandbox", () => {
    expect(trimSourcePath("/proc/self/cwd/./x.c", "", "")).toBe("x.c");
    expect(trimSourcePath("/proc/self/cwd/x.c", "/nowhere", "")).toBe("x.c");
  });
});
