import { UserError } from "../errors/user-error.js";
import { type OptionSpec, parseOption } from "./spec.js";
import { defaultOptions, OPTIONS, type Options } from "./table.js";

const URL_OPTIONS = (OPTIONS as readonly OptionSpec[]).filter(({ urlParam }) => urlParam);

const DEFAULTS: Readonly<Record<string, unknown>> = defaultOptions();

/** URL parameters, such as URLSearchParams. */
export interface UrlParams {
  get(name: string): string | null;
}

/**
 * Returns the options that URL parameters set; options without a parameter keep their values in
 * `base`. An empty parameter resets its option to the default, so that a URL can clear a filter of
 * the command line. An invalid one adds a line to `problems` and changes nothing.
 */
export function optionsFromParams(
  params: UrlParams,
  base: Options,
): { options: Options; problems: string[] } {
  const problems: string[] = [];
  const given = URL_OPTIONS.flatMap((spec): [string, unknown][] => {
    const text = params.get(spec.urlParam ?? "");
    if (text === null) return [];
    try {
      return [[spec.name, text === "" ? DEFAULTS[spec.name] : parseOption(spec, text)]];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(`${spec.urlParam}: ${error.message.replace(/^-/, "")}`);
      return [];
    }
  });
  return { options: { ...base, ...Object.fromEntries(given) }, problems };
}

/** Returns the parameters that turn `base` into `options`, as names and values. */
export function paramsOf(options: Options, base: Options): [name: string, value: string][] {
  const [values, before]: Readonly<Record<string, unknown>>[] = [options, base];
  return URL_OPTIONS.flatMap(({ name, urlParam }): [string, string][] => {
    const value = values[name];
    if (!urlParam || value === before[name]) return [];
    return [[urlParam, value === DEFAULTS[name] ? "" : textOf(value)]];
  });
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "t" : "f";
  return String(value);
}
