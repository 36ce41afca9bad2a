import { UserError } from "../errors/user-error.js";
import { type OptionSpec, parseOption } from "./spec.js";
import { defaultOptions, OPTIONS, type Options } from "./table.js";

/** The options that addresses hold, each in its parameter. */
const IN_ADDRESSES = (OPTIONS as readonly OptionSpec[]).filter(({ urlParam }) => urlParam);

const DEFAULTS: Readonly<Record<string, unknown>> = defaultOptions();

/** Parameters of an address, such as a URLSearchParams. */
export interface UrlParams {
  get(name: string): string | null;
}

/**
 * The options that an address asks for, with pprof's parameters. What it does not mention is
 * as in `base`; what it mentions with an empty value is at its default, so that a filter of
 * the command line can be taken away. Of a parameter that makes no sense a line tells, and
 * the option stays as in `base`.
 */
export function optionsFromParams(
  params: UrlParams,
  base: Options,
): { options: Options; problems: string[] } {
  const problems: string[] = [];
  const given = IN_ADDRESSES.flatMap((spec): [string, unknown][] => {
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

/** The parameters that make `options` out of `base`, by name and value. */
export function paramsOf(options: Options, base: Options): [name: string, value: string][] {
  const [values, before]: Readonly<Record<string, unknown>>[] = [options, base];
  return IN_ADDRESSES.flatMap(({ name, urlParam }): [string, string][] => {
    const value = values[name];
    if (!urlParam || value === before[name]) return [];
    return [[urlParam, value === DEFAULTS[name] ? "" : textOf(value)]];
  });
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "t" : "f";
  return String(value);
}
