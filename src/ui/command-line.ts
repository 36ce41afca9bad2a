import { type CommandName, commandSpec } from "../options/commands.js";
import { OPTIONS, type Options } from "../options/table.js";
import type { SourceNames } from "../page/protocol.js";

/** What a command line asks for. */
export interface CommandLineRequest {
  readonly report: CommandName;
  readonly options: Options;
  /** The pattern of a report that takes one; a placeholder where it is empty. */
  readonly pattern?: string;
  readonly sources: SourceNames;
}

/** Said elsewhere on the command line, or nothing that it is about. */
const LEFT_OUT = new Set(["output"]);

/**
 * The command that prints the report, to be pasted into a shell: what comes from a profile or
 * an address is quoted, and cannot be anything but an argument.
 */
export function commandLine({
  report,
  options,
  pattern = "",
  sources,
}: CommandLineRequest): string {
  const { files, ...comparison } = sources;
  const takesPattern = commandSpec(report).parameter !== undefined;
  // One that begins with a dash would be read as an option.
  const asOption = takesPattern && pattern.startsWith("-");
  return [
    "tsprof",
    asOption ? quote(`-${report}=${pattern}`) : report,
    ...optionWords({ ...options, ...comparison }).map(quote),
    ...(takesPattern && !asOption ? [pattern === "" ? "REGEX" : quote(pattern)] : []),
    ...files.map((file) => quote(/^-./.test(file) ? `./${file}` : file)),
  ].join(" ");
}

/** The options that are not at their defaults, in the order of the table. */
function optionWords(options: Options): string[] {
  return OPTIONS.flatMap((spec) => {
    const value = options[spec.name];
    const isKnown = "isVariable" in spec || spec.group === "Comparing";
    if (!isKnown || LEFT_OUT.has(spec.name) || value === spec.default) return [];
    if (spec.type === "choice") return [`-${value}`];
    return [value === true ? `-${spec.name}` : `-${spec.name}=${value}`];
  });
}

/** A word of a shell; as it is where nothing in it means anything to one. */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // What steers a terminal must not reach it, even in quotes.
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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;
const CONTROLS = new RegExp(CONTROLS_IN.source);
