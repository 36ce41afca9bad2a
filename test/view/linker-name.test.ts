import { describe, expect, it } from "vitest";
import type { FunctionIndex } from "../../src/profile/indices.js";
import { MappingFlags } from "../../src/profile/profile.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { hasLinkerName } from "../../src/view/linker-name.js";

/** Tests one function whose name is `name`. */
function hasOne(name: string, file: string, systemName = name): boolean {
  const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
  builder.addFunction({ name: "other", filename: "other.go" });
  const fn: FunctionIndex = builder.addFunction({ name, systemName, filename: file });
  return hasLinkerName(builder.finish(), fn);
}

/** Tests a function without a system name whose symbol comes from the binary `binary`. */
function hasOneIn(binary: string, file: string, flags: number = MappingFlags.functions): boolean {
  const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
  const fn = builder.addFunction({ name: "run", systemName: "", filename: file });
  const mapping = builder.addMapping({ start: 0, limit: 0, file: binary, flags });
  builder.addLocation({ mapping, address: 1, lines: [{ function: fn }] });
  return hasLinkerName(builder.finish(), fn);
}

describe("hasLinkerName", () => {
  it("is true for functions of compiled programs", () => {
    expect(hasOne("main.main", "/src/main.go")).toBe(true);
    expect(hasOne("std::sort", "/usr/include/sort.h", "_ZSt4sort")).toBe(true);
    expect(hasOne("java.util.Map.get", "Map.java")).toBe(true);
    expect(hasOne("memcpy", "")).toBe(true);
  });

  it("is false for an empty system name without a binary, whatever the file", () => {
    expect(hasOne("main.main", "/src/main.go", "")).toBe(false);
    expect(hasOne("work", "", "")).toBe(false);
  });

  it("is true for symbols of a binary, as perf and valgrind print them", () => {
    expect(hasOneIn("/usr/bin/app", "")).toBe(true);
    expect(hasOneIn("[kernel.kallsyms]", "")).toBe(true);
    expect(hasOneIn("/usr/bin/app", "/src/app.cc")).toBe(true);
  });

  it("is false for a script and for a binary without its symbols or its name", () => {
    expect(hasOneIn("/usr/bin/node", "/srv/a.js")).toBe(false);
    expect(hasOneIn("/usr/bin/app", "", 0)).toBe(false);
    expect(hasOneIn("", "")).toBe(false);
  });

  it.each([
    ...["/tmp/perf-77.map", "/proc/7/root/tmp/perf-7.map", "/app/jitted-77-4.so", "//anon"],
    ...["[JIT] tid 77", "[anon:v8]", "[heap]", "anon_inode:[perf_event]", "/memfd:x (deleted)"],
  ])("is false for code that a runtime generated: %s", (binary) => {
    expect(hasOneIn(binary, "")).toBe(false);
  });

  it.each([
    ...["/srv/a.js", "a.mjs", "a.cjs", "a.jsx", "C:\\srv\\a.JS", "a.ts", "a.mts", "a.cts"],
    ...["a.tsx", "a.py", "a.rb", "a.php", "a.lua", "a.pl", "App.vue", "App.svelte"],
    ...["App.vue?vue&type=script", "node:internal/modules/cjs/loader", "file:///srv/a"],
    ...["http://localhost/a", "https://example.com/bundle?v=2", "webpack:///./src/a"],
    ...["webpack-internal:///a", "app:///a", "chrome-extension://id/a", "wasm://wasm/0a1b"],
  ])("is false for the script %s", (file) => {
    expect(hasOne("run", file)).toBe(false);
  });

  it.each([
    ...["/src/node/a.go", "a.tsv", "a.json", "a.pyc", "a.rs", "a.cc", "a.plx", "js", "/x.js/a.c"],
    ...["nodejs:a.c", "/app:/a.c", "C:/src/a.c", "a.cjsx"],
  ])("is true for %s, which is no script", (file) => {
    expect(hasOne("run", file)).toBe(true);
  });
});
