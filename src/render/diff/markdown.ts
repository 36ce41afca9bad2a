import { type DiffReport, type DiffRow, isRealRow } from "../../report/diff.js";
import { formatValue } from "../../report/value-format.js";
import {
  breachWords,
  type DiffStyle,
  methodWords,
  noisePercent,
  plainName,
  points,
  relative,
  shownRows,
  sidesWords,
  signed,
  valueFormat,
  verdictLine,
} from "./words.js";

/**
 * Text as code in GitHub's Markdown, whatever is in it: in code neither markup nor mentions
 * nor links have an effect. Within a table `|` would end the cell.
 */
export function codeSpan(text: string, inTable: boolean): string {
  const plain = plainName(text);
  // A backslash before | would have to be doubled, which code shows as two.
  if (plain === "" || (inTable && /\\+\|/.test(plain))) return codeElement(plain);
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(plain) ? " " : "";
  const inner = inTable ? plain.replaceAll("|", "\\|") : plain;
  return `${fence}${pad}${inner}${pad}${fence}`;
}

/** All but letters and digits as character references, in an element that mentions are not looked for in. */
function codeElement(text: string): string {
  const inner = text.replace(/[^\p{L}\p{N} ]/gu, (mark) => `&#${mark.codePointAt(0)};`);
  return `<code>${inner}</code>`;
}

/** So many names are shown in full at most; compilers make names of kilobytes. */
const MAX_NAME = 200;

function shortened(name: string): string {
  const plain = plainName(name);
  return plain.length > MAX_NAME ? `${plain.slice(0, MAX_NAME).toWellFormed()}…` : plain;
}

/** GitHub takes comments of 65,536 characters; rules that many functions break are summed up. */
const MAX_BREACHES = 5;

/** The changes for a comment on a pull request: a verdict in one line, and a table. */
export function renderDiffMarkdown(report: DiffReport, style: DiffStyle): string {
  const { total, breaches, type } = report;
  const format = valueFormat(report, style);
  const mark = breaches.length > 0 ? "❌ " : "";
  const lines = [`**${mark}${verdictLine(report)}**`, ""];
  for (const breach of breaches.slice(0, MAX_BREACHES)) {
    const words = breachWords(report, { ...breach, rule: "" }, style, (name) =>
      codeSpan(shortened(name), false),
    );
    lines.push(`- Rule ${codeSpan(breach.rule, false)}${words}`);
  }
  const more = breaches.length - MAX_BREACHES;
  if (more > 0) lines.push(`- … and ${more} more that break rules`);
  if (breaches.length > 0) lines.push("");
  const { shown, others } = shownRows(report, style);
  lines.push("| Function | flat | change | cum | change | of total | noise |");
  lines.push("| :-- | --: | --: | --: | --: | --: | --: |");
  lines.push(
    `| total | | | ${formatValue(format, total.next)} | ${changeCell(format, total)} | | ${noisePercent(total)} |`,
  );
  for (const row of shown) lines.push(tableRow(report, row, style));
  lines.push("");
  if (others > 0) lines.push(`${others} more have changed a little.`, "");
  lines.push(
    `<sub>${codeSpan(type, false)}; ${sidesWords(report)}. Bold is real. ${methodWords(report)}</sub>`,
    "",
  );
  return lines.join("\n");
}

function changeCell(format: ReturnType<typeof valueFormat>, change: DiffRow["flat"]): string {
  if (change.change === 0) return "0";
  const text = `${signed(format, change.change)} (${relative(change)})`;
  return change.judgement.isReal ? `**${text}**` : text;
}

function tableRow(report: DiffReport, row: DiffRow, style: DiffStyle): string {
  const format = valueFormat(report, style);
  const { flat, cum } = row;
  const isUp = cum.change > 0 || (cum.change === 0 && flat.change > 0);
  const mark = isRealRow(row) ? (isUp ? "🔺 " : "🔽 ") : "";
  const cells = [
    `${mark}${codeSpan(shortened(row.name), true)}`,
    formatValue(format, flat.next),
    changeCell(format, flat),
    formatValue(format, cum.next),
    changeCell(format, cum),
    points(cum),
    noisePercent(cum),
  ];
  return `| ${cells.join(" | ")} |`;
}
