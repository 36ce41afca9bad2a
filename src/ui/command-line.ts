import { type CommandName, commandSpec } from "../options/commands.js";
import { OPTIONS, type Options } from "../options/table.js";
import type { SourceNames } from "../page/protocol.js";

export interface CommandLineRequest {
  readonly report: CommandName;
  readonly options: Options;
  /** The pattern of a report that needs one. Empty: the command has the placeholder REGEX. */
  readonly pattern?: string;
  readonly sources: SourceNames;
}

/** Options that a command to copy never needs. */
const OMITTED_OPTIONS = new Set(["output"]);

/** Returns the shell command for a report. Text from profiles and addresses is quoted. */
export function commandLine({
  report,
  options,
  pattern = "",
  sources,
}: CommandLineRequest): string {
  const { files, ...comparison } = sources;
  const takesPattern = commandSpec(report).parameter !== undefined;
  // A pattern that begins with a dash would be read as an option.
  const asOption = takesPattern && pattern.startsWith("-");
  return [
    "tsprof",
    asOption ? quote(`-${report}=${pattern}`) : report,
    ...optionWords({ ...options, ...comparison }).map(quote),
    ...(takesPattern && !asOption ? [pattern === "" ? "REGEX" : quote(pattern)] : []),
    ...files.map((file) => quote(/^-./.test(file) ? `./${file}` : file)),
  ].join(" ");
}

/** Returns the options that differ from their defaults, in the order of the option table. */
function optionWords(options: Options): string[] {
  return OPTIONS.flatMap((spec) => {
    const value = options[spec.name];
    const isKnown = "isVariable" in spec || spec.group === "Comparing";
    if (!isKnown || OMITTED_OPTIONS.has(spec.name) || value === spec.default) return [];
    if (spec.type === "choice") return [`-${value}`];
    return [value === true ? `-${spec.name}` : `-${spec.name}=${value}`];
  });
}

/** Quotes a word for a POSIX shell if it needs quotes. */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // Control characters must not reach the terminal, not even in quotes.
  if (CONTROLS.test(word)) {
    const escaped = word.replace(/[\\']/g, "\\$&").replace(CONTROLS_IN, (letter) => {
      const code = letter.charCodeAt(0);
      return code < 0x80
        ? `\\x${code.toString(16).padStart(2, "0")}`
        : `\\u${code.toString(16).padStart(4, "0")}`;
    });
    return `$'${escaped}'`;
  }
  return `'${word.replaceAll("'", "'\\''")}'`;
}

const CONTROLS_IN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;
const CONTROLS = new RegExp(CONTROLS_IN.source);
