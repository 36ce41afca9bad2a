import { describe, expect, it } from "vitest";
import { decodeProfile } from "../../src/profile/wire/decode.js";
import { demangleFunctions } from "../../src/transforms/demangle.js";
import { encodeWithProtobufjs } from "../support/proto.js";

/** A profile with functions of these names, which are also the linker's names. */
function profileOf(names: readonly string[]) {
  return decodeProfile(
    encodeWithProtobufjs({
      string_table: ["", ...names],
      function: names.map((_, i) => ({ id: i + 1, name: i + 1, system_name: i + 1 })),
    }),
  );
}

describe("demangling a whole profile", () => {
  const mode = { style: "simplified", force: false } as const;

  it("stops if short names expand to more text than real profiles have", () => {
    const names = Array.from({ length: 100 }, (_, i) => `_Z${i}`);
    const long = "x".repeat(1_000_000);
    const result = demangleFunctions(profileOf(names), mode, (symbol) => symbol + long);
    expect(result.isComplete).toBe(false);
    const { strings, functions } = result.profile;
    const shown = names.map((_, fn) => strings.get(functions.name[fn]));
    const left = shown.filter((name, fn) => name === names[fn]).length;
    expect(shown[0]).toBe(`_Z0${long}`);
    expect(left).toBeGreaterThan(50);
    expect(left).toBeLessThan(100);
  });

  it("stops after too many invalid mangled names", () => {
    const names = Array.from({ length: 5000 }, (_, i) => `_Z${i}`);
    let asked = 0;
    const result = demangleFunctions(profileOf(names), mode, () => {
      asked++;
      return undefined;
    });
    expect(result.isComplete).toBe(false);
    expect(asked).toBeLessThan(1000);
  });

  it("is complete for any number of names that are not mangled", () => {
    const names = Array.from({ length: 5000 }, (_, i) => `_function${i}`);
    expect(demangleFunctions(profileOf(names), mode, () => undefined).isComplete).toBe(true);
  });
});
