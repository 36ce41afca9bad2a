import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DemangleStyle, demangle } from "../../src/demangle/index.js";
import { CASES } from "./cases.js";

const STYLES: readonly DemangleStyle[] = ["simplified", "templates", "full"];
const MAX_OUTPUT = 64 * 1024;
/** A generous time limit, for slow machines. */
const MAX_MS = 2000;

/** Demangles in all styles and checks the limits. */
function check(symbol: string): void {
  for (const style of STYLES) {
    const start = performance.now();
    const name = demangle(symbol, style);
    expect(performance.now() - start).toBeLessThan(MAX_MS);
    expect(name?.length ?? 0).toBeLessThanOrEqual(MAX_OUTPUT);
  }
}

const base36 = (n: number): string => (n === 0 ? "_" : `${(n - 1).toString(36).toUpperCase()}_`);

function base62(n: number): string {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  if (n === 0) {
    return "_";
  }
  let text = "";
  for (let rest = n - 1; text === "" || rest > 0; rest = Math.floor(rest / 62)) {
    text = digits.charAt(rest % 62) + text;
  }
  return `${text}_`;
}

/** Each parameter is a template that contains the previous one twice. */
function substitutionBomb(count: number): string {
  let symbol = "_Z1f1a1tIS_S_E";
  for (let i = 1; i < count; i++) {
    symbol += `S0_IS${base36(i + 1)}S${base36(i + 1)}E`;
  }
  return symbol;
}

/** Each tuple contains the previous one twice. */
function backReferenceBomb(count: number): string {
  let symbol = "IC1aTuuE";
  let last = "IC1a".length;
  for (let i = 1; i < count; i++) {
    const start = symbol.length;
    symbol += `TB${base62(last)}B${base62(last)}E`;
    last = start;
  }
  return `_R${symbol}E`;
}

const many = (text: string, count = 10_000): string => text.repeat(count);

describe("bombs and deep nesting", () => {
  test.each(
    Object.entries({
      substitutions: substitutionBomb(1000),
      "a few substitutions": substitutionBomb(30),
      "back references": backReferenceBomb(200),
      "packs in packs": `_Z1fIJ${many("i", 3000)}EEv${many("DpT_", 3000)}`,
      "empty packs": `_Z1fIJEEv${many("DpT_")}`,
      "many empty packs": `_Z1fI${many("JE", 5000)}Ev${many("DpT_", 5000)}`,
      pointers: `_Z1f${many("P")}i`,
      "pointers by substitution": `_Z1fP1a${Array.from({ length: 5000 }, (_, i) => `PS${base36(i + 1)}`).join("")}`,
      qualifiers: `_Z1f${many("K", 60_000)}i`,
      functions: `_Z1f${many("PFv")}i${many("E")}`,
      arrays: `_Z1f${many("A_")}i`,
      "members of members": `_Z1f${many("M1a")}i`,
      "nested names": `_ZN${many("1a")}Ev`,
      "local names": `_Z${many("Z1fv")}`,
      tags: `_ZN1a${many("B1b")}C1Ev`,
      expressions: `_Z1fIX${many("ng")}Li1EEEvv`,
      conversions: `_ZN${many("cvT_I", 300)}${many("E", 300)}Ev`,
      "conversions to templates": `_Zcv${many("T_I", 200)}i${many("E", 200)}`,
      lambdas: `_Z1fI${many("N1aUl", 150)}v${many("E_E", 150)}EvT_`,
      "template arguments of their own": "_ZN1AcvT_IT_EEv",
      digits: `_Z${many("9")}a`,
      "Rust references": `_RIC1a${many("R")}uE`,
      "Rust paths": `_R${many("NC")}C1a${many("0")}`,
      "Rust binder": "_RIC1aFGzzzzzzzz_EuE",
      "Rust binders": `_RIC1a${many("DG_E", 3000)}`,
      "Rust reference to itself": "_RIC1aB3_E",
      "Rust punycode": `_RCu20000_${many("a", 20_000)}`,
      "Rust legacy": `_ZN${many("1a", 30_000)}17h0123456789abcdefE`,
      blocks: `___Z1fv${many("_block_invoke1", 4000)}x`,
      "longer than symbols are": `_Z1f${many("i", 1_000_000)}`,
    }),
  )("%s", (_name, symbol) => {
    check(symbol);
  });

  test("what fits is still printed", () => {
    const args = many("int, ", 1000).slice(0, -2);
    expect(demangle(`_Z1f${many("i", 1000)}`, "full")).toBe(`f(${args})`);
    expect(demangle(`_Z1f${many("P", 100)}i`, "full")).toBe(`f(int${many("*", 100)})`);
  });
});

describe("broken names", () => {
  const symbols = Object.values(CASES).flatMap((cases) => cases.map(([symbol]) => symbol));
  const letters = [..."_ZNSTRIJELKPODFMXCABWQUVHGdtvcplsrfz0123456789abihjxyzwen.$@"];

  test("every prefix of every case", () => {
    for (const symbol of symbols) {
      for (let end = 0; end <= symbol.length; end++) {
        check(symbol.slice(0, end));
      }
    }
  });

  test("characters changed, dropped and added", () => {
    const edit = fc.record({
      at: fc.nat(200),
      drop: fc.nat(3),
      add: fc.array(fc.constantFrom(...letters), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...symbols),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (symbol, edits) => {
          let text = symbol;
          for (const { at, drop, add } of edits) {
            const start = 2 + (at % Math.max(text.length - 1, 1));
            text = text.slice(0, start) + add.join("") + text.slice(start + drop);
          }
          check(text);
        },
      ),
      { numRuns: 6000, seed: 1 },
    );
  });

  test("pieces of different names put together", () => {
    const piece = fc.tuple(fc.constantFrom(...symbols), fc.nat(200), fc.nat(30));
    fc.assert(
      fc.property(
        fc.constantFrom("_Z", "_ZN", "_Z1fI", "_R", "_RNv", "_RINv"),
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        (start, pieces) => {
          check(start + pieces.map(([text, at, size]) => text.slice(at, at + size)).join(""));
        },
      ),
      { numRuns: 4000, seed: 2 },
    );
  });

  test("any text", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("", "_Z", "_R", "_ZN", "_GLOBAL__I_", "___Z"),
        fc.string({ unit: "binary", maxLength: 60 }),
        (start, text) => {
          check(start + text);
        },
      ),
      { numRuns: 2000, seed: 3 },
    );
  });
});
