import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { demangle } from "../../src/demangle/index.js";

/**
 * Binutils' c++filt follows the same conventions as pprof's demangler, with these differences:
 *
 * - it expands `std::ostream` and similar names, unless --no-verbose is given;
 * - it prints clone suffixes as ` [clone .cold]`;
 * - it names inherited constructors by the base class, and expands packs that pprof's does not;
 * - newer versions know names that pprof's demangler does not: `std::bfloat16_t` (`DF16b`),
 *   and they print constraints and explicit template parameters of lambdas in their own way.
 *
 * Exports of libstdc++ contain almost none of these, and must give the same results.
 */
function filt(symbols: readonly string[]): string[] {
  return run("c++filt", ["--no-verbose"], `${symbols.join("\n")}\n`)
    .trimEnd()
    .split("\n");
}

/** Returns the output of a program of binutils. */
function run(program: string, args: readonly string[], input = ""): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error || status !== 0) {
    const why = error?.message ?? stderr;
    throw new Error(`this test needs ${program}, which binutils has; running it failed: ${why}`);
  }
  return stdout;
}

const LIBRARY = "libstdc++.so.6";

/** The library folders of distributions: one per architecture, or one for all. */
const LIBRARY_FOLDERS = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .flatMap((arch) => [`/usr/lib/${arch}`, `/lib/${arch}`])
  .concat("/usr/lib64", "/lib64", "/usr/lib");

function findLibstdcxx(): string {
  const found = [...linkerCache(), ...loadedByNode(), ...inLibraryFolders()].find((file) =>
    existsSync(file),
  );
  if (found === undefined) {
    throw new Error(
      `this test needs ${LIBRARY}, to demangle what it exports; it is neither in the cache of ` +
        `the linker (ldconfig -p), nor used by ${process.execPath}, nor beside it, nor in any of ` +
        LIBRARY_FOLDERS.join(", "),
    );
  }
  return found;
}

/** `\tlibstdc++.so.6 (libc6,x86-64) => /lib/x86_64-linux-gnu/libstdc++.so.6` */
function linkerCache(): string[] {
  // PATH may lack the folder of ldconfig.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
  const { stdout } = spawnSync("ldconfig", ["-p"], { encoding: "utf8", env });
  // Without ldconfig there is no output.
  const lines = (stdout ?? "").split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line.startsWith(`${LIBRARY} `))
    .map((line) => line.split(" => ").at(-1) ?? "");
}

/** The library that this process uses, and one that was shipped with its program. */
function loadedByNode(): string[] {
  const maps = existsSync("/proc/self/maps") ? readFileSync("/proc/self/maps", "utf8") : "";
  const loaded = maps.split("\n").map((line) => line.slice(line.indexOf("/")));
  return [
    ...loaded.filter((file) => path.basename(file).startsWith(LIBRARY)),
    path.join(path.dirname(process.execPath), "..", "lib", LIBRARY),
  ];
}

function inLibraryFolders(): string[] {
  return LIBRARY_FOLDERS.map((folder) => path.join(folder, LIBRARY));
}

function exportedSymbols(library: string): string[] {
  const lines = run("nm", ["-D", "--defined-only", library]).split("\n");
  const names = lines.map((line) => line.split(" ").at(-1)?.split("@")[0] ?? "");
  return [...new Set(names)].filter((name) => name.startsWith("_Z"));
}

test("c++filt agrees on the symbols of libstdc++", () => {
  const symbols = exportedSymbols(findLibstdcxx());
  expect(symbols.length).toBeGreaterThan(3000);
  const expected = filt(symbols);
  const different = symbols.filter((symbol, i) => demangle(symbol, "full") !== expected[i]);
  // Names in newer libraries than the one this list was made for.
  const known = different.filter((symbol) => /DF16b|Q|T[ykpnt]/.test(symbol));
  expect(different.filter((symbol) => !known.includes(symbol))).toEqual([]);
  expect(known.length).toBeLessThan(symbols.length / 500);
});
