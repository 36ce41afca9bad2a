import type { OptionSpec } from "../options/spec.js";
import { defaultOptions, OPTIONS, type Options } from "../options/table.js";

/** Options that reports made by a page depend on, besides those that addresses hold. */
const ALSO = new Set<string>([
  "divide_by",
  "source_path",
  "trim_path",
  "symbolize",
  "all_frames",
  "max_size",
] satisfies (keyof Options)[]);

/**
 * The options that a page may know. Others are not its business: headers with passwords,
 * and where keys and files lie.
 */
export function sharedOptions(options: Options): Options {
  const shared = (OPTIONS as readonly OptionSpec[]).filter(
    ({ name, urlParam }) => urlParam !== undefined || ALSO.has(name),
  );
  const values = shared.map(({ name }) => [name, options[name as keyof Options]]);
  return { ...defaultOptions(), ...Object.fromEntries(values) };
}
