import { REPORT_COMMANDS, type ReportCommand, reportNamed } from "../options/commands.js";
import { OPTION_GROUPS } from "../options/spec.js";
import { ShellError } from "./command-line.js";
import { VARIABLES, type Variable, variableNamed } from "./variables.js";
import { type Entry, SHELL_WORDS, shellWordNamed } from "./words.js";

/** Returns the help for a topic, or an overview without a topic. Throws a {@link ShellError}. */
export function helpText(topic: string, width: number): string {
  if (topic === "") return overview(width);
  const command = reportNamed(topic);
  if (command) return commandHelp(topic, command, width);
  const variable = variableNamed(topic);
  if (variable) return variableHelp(topic, variable, width);
  const word = shellWordNamed(topic);
  if (word) {
    const [form, ...parts] = word.usage;
    return `${word.summary}\n${usage(form, parts, width)}`;
  }
  throw new ShellError(`Unknown command: ${topic}`);
}

function overview(width: number): string {
  const commands = [...REPORT_COMMANDS, ...SHELL_WORDS].map(
    ({ name, aliases, summary }): Entry => [[name, ...aliases].join(", "), summary],
  );
  const options = OPTION_GROUPS.map((group): [string, Entry[]] => [
    group,
    VARIABLES.filter((spec) => spec.group === group).flatMap((spec): Entry[] =>
      spec.type === "choice"
        ? spec.choices.map(({ name, summary }) => [name, summary])
        : [[spec.name, spec.summary]],
    ),
  ]);
  const sections: [string, readonly Entry[]][] = [
    ["Commands", commands],
    ...options,
    ["Short forms", SHORT_FORMS],
  ];
  const texts = sections
    .filter(([, entries]) => entries.length > 0)
    .map(([title, entries]) => `  ${title}:\n${entryLines(entries, width).join("\n")}\n`);
  return [...texts, '  type "help <cmd|option>" for more information\n'].join("\n");
}

const SHORT_FORMS: readonly Entry[] = [
  ["top10 json -gc", "10 rows of the samples that match json but not gc"],
  ["TYPE", "sample_index=TYPE, for every sample type; total_TYPE and mean_TYPE too"],
  [":", "clears focus, ignore, hide, tagfocus and tagignore"],
  ["// ...", "a comment"],
];

const NAME_COLUMNS = 22;

/** Formats entries, one per line; long meanings continue on the next lines. */
function entryLines(entries: readonly Entry[], width: number): string[] {
  const indent = " ".repeat(4 + NAME_COLUMNS);
  return entries.flatMap(([name, summary]) => {
    const [first, ...rest] = wrap(summary, width - indent.length);
    const start = `    ${name.padEnd(NAME_COLUMNS - 1)} ${first}`;
    return [start, ...rest.map((line) => indent + line)];
  });
}

/** Formats a usage line, and the meanings of its parts. */
function usage(form: string, parts: readonly Entry[], width: number): string {
  return ["  Usage:", `    ${form}`, ...entryLines(parts, width)]
    .map((line) => `${line}\n`)
    .join("");
}

function commandHelp(
  name: string,
  { parameter, description, fileEnding }: ReportCommand,
  width: number,
): string {
  const first = parameter ? "func_regex" : "[n]";
  const matched = name === "tags" ? "tag" : "frame";
  const place = fileEnding ? `, by default profile001${fileEnding} or the next free name` : "";
  const parts: Entry[] = [
    parameter ? ["func_regex", "the names to show, or an address"] : ["n", "rows at most"],
    ["focus_regex", `only samples with a ${matched} that matches`],
    ["-ignore_regex", `no samples with a ${matched} that matches`],
    ["-cum", "sorts by cum"],
    [">file", `writes the report to a file${place}`],
  ];
  const form = `${name} ${first} [focus_regex]* [-ignore_regex]* [-cum] [>file]`;
  return `${wrap(description, width).join("\n")}\n${usage(form, parts, width)}`;
}

function variableHelp(topic: string, spec: Variable, width: number): string {
  const { name, summary } = spec;
  const help = (form: string, parts: readonly Entry[]) =>
    `${wrap(summary, width).join("\n")}\n${usage(form, parts, width)}`;
  if (spec.type === "choice") {
    const chosen = spec.choices.find((choice) => choice.name === topic) ?? spec.choices[0];
    const form = `${name}=${chosen.name}, or just ${chosen.name}`;
    return help(
      form,
      spec.choices.map((choice) => [choice.name, choice.summary]),
    );
  }
  if (spec.type === "bool") {
    return help(`${name}, or ${name}=true, or ${name}=false (the default is ${spec.default})`, []);
  }
  const initial = spec.default === "" ? "" : ` (the default is ${spec.default})`;
  const values = "values" in spec && spec.values ? `, such as ${spec.values.join(", ")}` : "";
  return help(`${name}=${spec.placeholder}${values}${initial}`, []);
}

/** Longer lines are hard to read. */
const MAX_WIDTH = 100;

function wrap(text: string, width: number): string[] {
  const columns = Math.max(20, Math.min(MAX_WIDTH, width) - 1);
  return text.match(new RegExp(`\\S.{0,${columns - 1}}(?= |$)|\\S+`, "g")) ?? [""];
}
