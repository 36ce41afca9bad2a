import { OPTION_GROUPS } from "../options/spec.js";
import type { Options } from "../options/table.js";
import { cut, oneLine, widthOf } from "../terminal/fit.js";
import { VARIABLES, type Variable, variableText } from "./variables.js";

/** Lists the variables and their values exactly as pprof does, and so without `source_path`. */
export function plainOptions(
  options: Options,
  sampleTypes: readonly string[],
  type: string,
): string {
  const lines = VARIABLES.filter(({ name }) => name !== "source_path").map((spec) => {
    const { text, comment } = plainValue(spec, options, sampleTypes, type);
    return `  ${spec.name.padEnd(25)} = ${text.padEnd(20)} ${comment && `//: ${comment}`}`;
  });
  return `${lines.join("\n")}\n`;
}

function plainValue(
  spec: Variable,
  options: Options,
  sampleTypes: readonly string[],
  type: string,
): { text: string; comment: string } {
  const text = variableText(options, spec);
  if (spec.type === "choice") {
    const names = spec.choices.map(({ name }) => name).toSorted();
    const isUnset = spec.name === "granularity" && text === spec.default;
    return { text: isUnset ? "(default)" : text, comment: `[${names.join(" | ")}]` };
  }
  if (spec.name === "sample_index") {
    const names = sampleTypes.map(oneLine);
    return { text: oneLine(type), comment: `[${names.join(" | ")}]` };
  }
  if (spec.name === "nodecount" && text === "-1") return { text, comment: "default" };
  return { text: text === "" ? '""' : text, comment: "" };
}

/** Lists the variables by group, with their meanings, within `width` columns. */
export function explainedOptions(
  options: Options,
  sampleTypes: readonly string[],
  type: string,
  { width, emphasize }: { width: number; emphasize(text: string): string },
): string {
  const lines: string[] = [];
  for (const group of OPTION_GROUPS) {
    const members = VARIABLES.filter((spec) => spec.group === group);
    if (members.length === 0) continue;
    lines.push("", group);
    for (const spec of members) {
      const text = oneLine(
        spec.name === "sample_index" ? type : variableText(options, spec) || '""',
      );
      const isChanged = variableText(options, spec) !== String(spec.default);
      const setting = `  ${`${spec.name} = ${text}`.padEnd(34)}`;
      const room = width - widthOf(setting) - 2;
      const behind = room < 24 ? [] : [cut(oneLine(meaningOf(spec, sampleTypes)), room)];
      lines.push([isChanged ? emphasize(setting) : setting, ...behind].join("  ").trimEnd());
    }
  }
  return `${lines.slice(1).join("\n")}\n`;
}

function meaningOf(spec: Variable, sampleTypes: readonly string[]): string {
  if (spec.type === "choice") {
    return `${spec.summary}: ${spec.choices.map(({ name }) => name).join(", ")}`;
  }
  if (spec.name === "sample_index") return `Sample type to report: ${sampleTypes.join(", ")}`;
  return spec.summary;
}
