import { describe, expect, test } from "vitest";
import { type DemangleStyle, demangle } from "../../src/demangle/index.js";
import { CASES } from "./cases.js";

const STYLES: readonly DemangleStyle[] = ["simplified", "templates", "full"];

for (const [group, cases] of Object.entries(CASES)) {
  describe(group, () => {
    for (const [symbol, simplified, templates = simplified, full = templates] of cases) {
      test(symbol, () => {
        expect(demangle(symbol, "simplified")).toBe(simplified);
        expect(demangle(symbol, "templates")).toBe(templates);
        expect(demangle(symbol, "full")).toBe(full);
      });
    }
  });
}

describe("names that are not mangled", () => {
  test.each([
    "",
    "_",
    "_Z",
    "_R",
    "main",
    "malloc",
    "std::vector<int>::push_back",
    "runtime.mallocgc",
    "github.com/a/b.(*T).M",
    "(anonymous)",
    "RegExp: a+",
    "_start",
    "_ZN",
    "_ZNK1A",
    "_Z3ab",
    "_Z99999999999999999999a",
    "_ZGVeN8vvv_sincos_skx",
    "_GLOBAL__sub_I_main.cc",
    "_GLOBAL_OFFSET_TABLE_",
    "_R0NvC1a4main",
    "_RNvC1a",
    "_RNvB9_1a",
    // macOS adds an underscore to all symbols; the caller retries without it.
    "__Z1fi",
    "__RNvC1a4main",
    "__ZN3foo17h0123456789abcdefE",
  ])("%j", (symbol) => {
    for (const style of STYLES) {
      expect(demangle(symbol, style)).toBeUndefined();
    }
  });
});

describe("names that pprof reads only in part", () => {
  test("parameters that are not printed are not read", () => {
    expect(demangle("_Z1fi@plt", "simplified")).toBe("f");
    expect(demangle("_Z1fIiEvT0_", "templates")).toBe("f<int>");
    expect(demangle("_Z1fi@plt", "full")).toBeUndefined();
    expect(demangle("_Z1fIiEvT0_", "full")).toBeUndefined();
  });

  test("the names that thunks and guards are for have their parameters in all styles", () => {
    expect(demangle("_ZThn8_N1A1fEi", "simplified")).toBe("non-virtual thunk to A::f(int)");
  });
});

describe("peculiarities of pprof's demangler", () => {
  test("of a pack used twice in an expansion the second is printed whole", () => {
    expect(demangle("_Z1fIJicEEvDpSt4pairIT_S1_E", "full")).toBe(
      "void f<int, char>(std::pair<int, int, char>, std::pair<char, int, char>)",
    );
  });

  test("names of templates in unresolved names count as substitutions", () => {
    expect(demangle("_Z1fIiEN1AIXsr1BIT_EE1cEE1tES1_", "full")).toBe("A<B<int>::c>::t f<int>(B)");
  });

  test("a nameless Rust closure cannot be followed by a name", () => {
    expect(demangle("_RNvNCNvC1a1b03foo", "full")).toBeUndefined();
    expect(demangle("_RNvNCNvC1a1bs_03foo", "full")).toBeUndefined();
  });
});
