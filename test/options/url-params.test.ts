import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OptionSpec } from "../../src/options/spec.js";
import { defaultOptions, OPTIONS, type Options } from "../../src/options/table.js";
import { optionsFromParams, paramsOf } from "../../src/options/url-params.js";

const DEFAULTS = defaultOptions();

/** Any value of an option with a URL parameter. */
function anyValue(spec: OptionSpec): fc.Arbitrary<unknown> {
  switch (spec.type) {
    case "bool":
      return fc.boolean();
    case "int":
      return fc.integer({ min: -1, max: 1_000_000 });
    case "float":
      return fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true });
    case "choice":
      return fc.constantFrom(...spec.choices.map(({ name }) => name));
    default:
      // An empty parameter means the default, so other options cannot be empty.
      return spec.default === "" ? fc.string() : fc.string({ minLength: 1 });
  }
}

const inAddresses = (OPTIONS as readonly OptionSpec[]).filter(({ urlParam }) => urlParam);
const anyOptions: fc.Arbitrary<Options> = fc
  .record(Object.fromEntries(inAddresses.map((spec) => [spec.name, anyValue(spec)])))
  .map((values) => ({ ...DEFAULTS, ...values }));

const read = (search: string, base: Options = DEFAULTS) =>
  optionsFromParams(new URLSearchParams(search), base);

describe("options in URLs", () => {
  it("survive a round trip, whatever the options of the session", () => {
    fc.assert(
      fc.property(anyOptions, anyOptions, (options, base) => {
        const search = new URLSearchParams(paramsOf(options, base)).toString();
        expect(read(search, base)).toEqual({ options, problems: [] });
      }),
    );
  });

  it("have the same names as in pprof, without duplicates", () => {
    const options: Options = { ...DEFAULTS, focus: "json", granularity: "lines", trim: false };
    expect(paramsOf(options, DEFAULTS)).toEqual([
      ["f", "json"],
      ["g", "lines"],
      ["trim", "f"],
    ]);
    const names = inAddresses.map(({ urlParam }) => urlParam);
    expect(new Set(names).size).toBe(names.length);
  });

  it("default to those of the session, and are reset by empty parameters", () => {
    const base = { ...DEFAULTS, focus: "json", nodecount: 5 };
    expect(read("i=gc", base).options).toEqual({ ...base, ignore: "gc" });
    expect(read("f=&n=", base).options).toEqual(DEFAULTS);
    expect(paramsOf(DEFAULTS, base)).toEqual([
      ["f", ""],
      ["n", ""],
    ]);
  });

  it("with invalid values are reported and unchanged", () => {
    const base = { ...DEFAULTS, nodecount: 5 };
    expect(read("n=many&g=line&rel=perhaps&f=x", base)).toEqual({
      options: { ...base, focus: "x" },
      problems: [
        'rel: relative_percentages must be true or false, not "perhaps"',
        'g: granularity must be one of functions, filefunctions, files, packages, modules, lines, addresses, not "line"',
        'n: nodecount must be a whole number, not "many"',
      ],
    });
  });
});
