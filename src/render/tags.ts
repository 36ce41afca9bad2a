import type { Tag, TagsReport } from "../report/tags.js";
import { formatValue } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { alignRight } from "./tabs.js";

/** Prints the tags byte for byte as pprof does. */
export function renderTags(report: TagsReport): string {
  return alignRight(report.tags.map((tag) => tagLines(report, tag)).join(""));
}

function tagLines({ format, total }: TagsReport, tag: Tag): string {
  const share = (value: Int64) => (total > 0 ? ` (${percentage(value, total)})` : "");
  const sum = `${formatValue(format, tag.total)} of ${formatValue(format, total)}`;
  const lines = [`${tag.key}:\t Total ${sum}${share(tag.total)}\n`];
  for (const { name, value } of tag.values) {
    lines.push(` \t${formatValue(format, value)}${share(value)}:\t ${name}\n`);
  }
  lines.push("\n");
  return lines.join("");
}
