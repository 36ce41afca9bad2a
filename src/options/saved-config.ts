import { UserError, usageError } from "../errors/user-error.js";
import type { OptionSpec } from "./spec.js";
import { OPTIONS, type Options } from "./table.js";

/**
 * One named configuration of a settings file, by option name. Users may have edited the file, and
 * other versions of pprof or tsprof may have written values that are no options here.
 */
export type SavedValues = Readonly<Record<string, unknown>>;

const SAVED = (OPTIONS as readonly OptionSpec[]).filter(({ isSaved }) => isSaved);

/**
 * Defaults that are not saved. In pprof an empty granularity means the default of each report,
 * while a saved word would apply to all reports.
 */
const NOT_SAVED: SavedValues = { granularity: "functions" };

/**
 * Returns the values to save: those that are not zero, false or empty, as in pprof. Values in
 * `before`, the previous version of the configuration, that are no options are kept.
 */
export function toSavedConfig(options: Options, before: SavedValues = {}): Record<string, unknown> {
  const current: SavedValues = options;
  const values = SAVED.map(({ name }): [string, unknown] => [name, current[name]]).filter(
    ([name, value]) => Boolean(value) && value !== NOT_SAVED[name],
  );
  const others = Object.entries(before).filter(
    ([key]) => !SAVED.some((option) => option.name === key),
  );
  return Object.fromEntries([...values, ...others]);
}

/**
 * Returns the options of a saved configuration; options that are never saved keep their `current`
 * values. Throws a {@link UserError} for an invalid value.
 */
export function fromSavedConfig(
  { name, values }: { readonly name: string; readonly values: SavedValues },
  current: Options,
): Options {
  const saved = SAVED.map((spec): [string, unknown] => {
    const value = Object.hasOwn(values, spec.name) ? values[spec.name] : null;
    try {
      return [spec.name, savedValue(spec, value)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw usageError(`config ${JSON.stringify(name)}: ${error.message}`);
    }
  });
  return { ...current, ...Object.fromEntries(saved) };
}

function savedValue(spec: OptionSpec, value: unknown): unknown {
  switch (spec.type) {
    case "bool":
      if (value === null || typeof value === "boolean") return value ?? false;
      throw invalid(spec, value, "true or false");
    case "int":
      if (value === null || Number.isSafeInteger(value)) return value ?? 0;
      throw invalid(spec, value, "a whole number");
    case "float":
      if (value === null || Number.isFinite(value)) return value ?? 0;
      throw invalid(spec, value, "a number");
    case "choice": {
      const words = spec.choices.map((choice) => choice.name);
      if (value === null || value === "") return spec.default;
      if (words.some((word) => word === value)) return value;
      throw invalid(spec, value, `one of ${words.join(", ")}`);
    }
    default:
      // pprof uses its default for empty text too.
      if (value === null || value === "") return spec.default;
      if (typeof value === "string") return value;
      throw invalid(spec, value, "text");
  }
}

/** The maximum length of an invalid value in an error message, in characters. */
const MAX_SHOWN_LENGTH = 40;

function invalid({ name }: OptionSpec, value: unknown, expected: string): UserError {
  const text = JSON.stringify(value);
  const shown = text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}...` : text;
  return usageError(`${name} must be ${expected}, not ${shown}`);
}
