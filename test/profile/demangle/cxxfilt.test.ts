import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { demangle } from "../../../src/profile/demangle/index.js";

/**
 * Binutils' c++filt follows the same conventions as pprof's demangler, with these differences:
 *
 * - it expands `std::ostream` and its kind, unless told --no-verbose;
 * - it prints clone suffixes as ` [clone .cold]`;
 * - it names inherited constructors by the base class, and expands packs that pprof's does not;
 * - newer ones have names for what pprof's demangler does not know: `std::bfloat16_t` (`DF16b`),
 *   and they print constraints and explicit template parameters of lambdas in their own way.
 *
 * What libstdc++ exports has next to none of these, and must come out the same.
 */
function filt(symbols: readonly string[]): string[] {
  const run = spawnSync("c++filt", ["--no-verbose"], {
    input: `${symbols.join("\n")}\n`,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect(run.error).toBeUndefined();
  return run.stdout.trimEnd().split("\n");
}

const LIBRARY_FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"];

function findLibstdcxx(): string | undefined {
  for (const folder of LIBRARY_FOLDERS) {
    const name = existsSync(folder)
      ? readdirSync(folder).find((file) => file === "libstdc++.so.6")
      : undefined;
    if (name !== undefined) {
      return `${folder}/${name}`;
    }
  }
  return undefined;
}

function exportedSymbols(library: string): string[] {
  const run = spawnSync("nm", ["-D", "--defined-only", library], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const names = run.stdout.split("\n").map((line) => line.split(" ").at(-1)?.split("@")[0] ?? "");
  return [...new Set(names)].filter((name) => name.startsWith("_Z"));
}

const hasBinutils = ["c++filt", "nm"].every(
  (program) => spawnSync(program, ["--version"]).status === 0,
);
const library = findLibstdcxx();

describe.skipIf(!hasBinutils)("c++filt", () => {
  test.skipIf(library === undefined)("agrees on the symbols of libstdc++", () => {
    const symbols = exportedSymbols(library ?? "");
    expect(symbols.length).toBeGreaterThan(3000);
    const expected = filt(symbols);
    const different = symbols.filter((symbol, i) => demangle(symbol, "full") !== expected[i]);
    // Those of newer libraries than this was written with.
    const known = different.filter((symbol) => /DF16b|Q|T[ykpnt]/.test(symbol));
    expect(different.filter((symbol) => !known.includes(symbol))).toEqual([]);
    expect(known.length).toBeLessThan(symbols.length / 500);
  });
});
