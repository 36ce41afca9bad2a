import { UserError, usageError } from "../errors/user-error.js";
import type { OptionSpec } from "./spec.js";
import { OPTIONS, type Options } from "./table.js";

/**
 * What a settings file holds of one named configuration, under the names of options. It
 * may have been edited by hand, and programs of other versions may have left more there.
 */
export type SavedValues = Readonly<Record<string, unknown>>;

const SAVED = (OPTIONS as readonly OptionSpec[]).filter(({ isSaved }) => isSaved);

/**
 * A default that pprof has no word for: which granularity it means depends on the report,
 * and a word would make it one for all.
 */
const LEFT_OUT: SavedValues = { granularity: "functions" };

/**
 * The values to save for these options: what is not zero, false or empty, as pprof does.
 * Of the values that were saved `before` under the same name, those that are no options
 * stay.
 */
export function toSavedConfig(options: Options, before: SavedValues = {}): Record<string, unknown> {
  const current: SavedValues = options;
  const values = SAVED.map(({ name }): [string, unknown] => [name, current[name]]).filter(
    ([name, value]) => Boolean(value) && value !== LEFT_OUT[name],
  );
  const others = Object.entries(before).filter(
    ([key]) => !SAVED.some((option) => option.name === key),
  );
  return Object.fromEntries([...values, ...others]);
}

/**
 * The options under a saved configuration: all that can be saved are as it says, and the
 * others as they are in `current`. Throws a {@link UserError} for a value that the
 * option cannot have.
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
      // Without a word for it, pprof takes its default too.
      if (value === null || value === "") return spec.default;
      if (typeof value === "string") return value;
      throw invalid(spec, value, "text");
  }
}

/** So much of a wrong value helps to find it. */
const SHOWN = 40;

function invalid({ name }: OptionSpec, value: unknown, wanted: string): UserError {
  const text = JSON.stringify(value);
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
  return usageError(`${name} wants ${wanted}, not ${shown}`);
}
