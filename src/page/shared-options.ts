import type { OptionSpec } from "../options/spec.js";
import { defaultOptions, OPTIONS, type Options } from "../options/table.js";

/** Options that reports in a page depend on, besides those in addresses. */
const REPORT_OPTIONS = new Set<string>([
  "divide_by",
  "source_path",
  "trim_path",
  "symbolize",
  "all_frames",
  "max_size",
] satisfies (keyof Options)[]);

/** Returns the options that a page needs, without secrets such as headers and paths of keys. */
export function sharedOptions(options: Options): Options {
  const shared = (OPTIONS as readonly OptionSpec[]).filter(
    ({ name, urlParam }) => urlParam !== undefined || REPORT_OPTIONS.has(name),
  );
  const values = shared.map(({ name }) => [name, options[name as keyof Options]]);
  return { ...defaultOptions(), ...Object.fromEntries(values) };
}
