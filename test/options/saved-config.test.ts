import { describe, expect, it } from "vitest";
import { fromSavedConfig, toSavedConfig } from "../../src/options/saved-config.js";
import type { OptionSpec } from "../../src/options/spec.js";
import { defaultOptions, OPTIONS, type Options } from "../../src/options/table.js";

/** The variables that pprof saves, with their URL parameters (internal/driver/config.go). */
const SAVED_BY_PPROF = {
  call_tree: "calltree",
  relative_percentages: "rel",
  unit: "unit",
  compact_labels: "compact",
  intel_syntax: "intel",
  mean: "mean",
  normalize: "norm",
  sort: "sort",
  // These have no parameter in pprof.
  tagroot: "tagroot",
  tagleaf: "tagleaf",
  drop_negative: "dropneg",
  nodecount: "n",
  nodefraction: "nf",
  edgefraction: "ef",
  trim: "trim",
  focus: "f",
  ignore: "i",
  prune_from: "prunefrom",
  hide: "h",
  show: "s",
  show_from: "sf",
  tagfocus: "tf",
  tagignore: "ti",
  tagshow: "ts",
  taghide: "th",
  noinlines: "noinlines",
  showcolumns: "showcolumns",
  granularity: "g",
};
/** The variables that are not saved; pprof lacks identity, from, to and gc. */
const OTHER_VARIABLES = {
  identity: "identity",
  from: "from",
  to: "to",
  gc: "gc",
  output: undefined,
  source_path: undefined,
  trim_path: undefined,
  sample_index: "si",
  divide_by: undefined,
};

const specs: readonly OptionSpec[] = OPTIONS;

describe("the option table", () => {
  it("has pprof's variables, saved options and URL parameters", () => {
    const paramsOf = (chosen: readonly OptionSpec[]) =>
      Object.fromEntries(chosen.map(({ name, urlParam }) => [name, urlParam]));
    expect(paramsOf(specs.filter(({ isSaved }) => isSaved))).toEqual(SAVED_BY_PPROF);
    expect(paramsOf(specs.filter(({ isVariable }) => isVariable))).toEqual({
      ...SAVED_BY_PPROF,
      ...OTHER_VARIABLES,
    });
    const others = specs.filter(({ isVariable }) => !isVariable);
    expect(others.filter(({ isSaved, urlParam }) => isSaved || urlParam)).toEqual([]);
  });
});

/** Every option with a value that is neither its default nor zero. */
function oddOptions(): Options {
  const entries = specs.map((spec, i): [string, unknown] => {
    switch (spec.type) {
      case "bool":
        return [spec.name, true];
      case "int":
        return [spec.name, i + 1];
      case "float":
        return [spec.name, i + 0.25];
      case "choice":
        return [spec.name, spec.choices.at(-1)?.name];
      case "list":
        return [spec.name, [`list ${i}`]];
      default:
        return [spec.name, `text ${i}`];
    }
  });
  return Object.fromEntries(entries) as Options;
}

describe("a saved configuration", () => {
  it("contains the defaults as pprof writes them", () => {
    expect(toSavedConfig(defaultOptions())).toEqual({
      unit: "minimum",
      sort: "flat",
      nodecount: -1,
      nodefraction: 0.005,
      edgefraction: 0.001,
      trim: true,
    });
  });

  it("sets missing options to zero, except for words", () => {
    expect(fromSavedConfig({ name: "x", values: {} }, oddOptions())).toEqual({
      ...oddOptions(),
      ...Object.fromEntries(
        Object.keys(SAVED_BY_PPROF).map((name) => {
          const { type } = specs.find((spec) => spec.name === name) as OptionSpec;
          return [name, type === "bool" ? false : type === "int" || type === "float" ? 0 : ""];
        }),
      ),
      unit: "minimum",
      sort: "flat",
      granularity: "functions",
    });
  });

  it.each([["the defaults", defaultOptions()] as const, ["odd values", oddOptions()] as const])(
    "comes out as it went in: %s",
    (_, options) => {
      const values = toSavedConfig(options);
      const current = { ...defaultOptions(), focus: "before", sample_index: "cpu", output: "file" };
      const { sample_index, output, ...rest } = fromSavedConfig({ name: "x", values }, current);
      expect({ sample_index, output }).toEqual({ sample_index: "cpu", output: "file" });
      for (const name of Object.keys(SAVED_BY_PPROF)) {
        expect(rest).toHaveProperty(name, options[name as keyof Options]);
      }
    },
  );

  it("keeps only those values of its predecessor that are no options", () => {
    const before = { focus: "old", future: [1, { a: 2 }], ["__proto__"]: 5 };
    const values = toSavedConfig(defaultOptions(), before);
    expect(values.future).toBe(before.future);
    expect(Object.getOwnPropertyDescriptor(values, "__proto__")?.value).toBe(5);
    expect(values).not.toHaveProperty("focus");
    expect(fromSavedConfig({ name: "x", values }, defaultOptions())).toEqual(defaultOptions());
  });

  it.each([
    [{ focus: 5 }, "focus must be text, not 5"],
    [{ trim: "yes" }, 'trim must be true or false, not "yes"'],
    [{ nodecount: 1.5 }, "nodecount must be a whole number, not 1.5"],
    [{ nodecount: 2 ** 53 }, "nodecount must be a whole number, not 9007199254740992"],
    [{ nodefraction: [] }, "nodefraction must be a number, not []"],
    [{ sort: "name\n" }, 'sort must be one of flat, cum, not "name\\n"'],
    [{ hide: ["x".repeat(99)] }, `hide must be text, not ["${"x".repeat(38)}...`],
  ])("reports the error in %j in one line", (values, message) => {
    const read = () => fromSavedConfig({ name: "a\nb", values }, defaultOptions());
    expect(read).toThrow(`config "a\\nb": ${message}`);
  });
});
