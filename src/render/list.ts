import type { ListReport } from "../report/list.js";
import { formatValue } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";

/** Prints the listing byte for byte as pprof does. */
export function renderList({ format, total, functions }: ListReport): string {
  const value = (amount: Int64) => formatValue(format, amount).padStart(10);
  const orDot = (amount: Int64) => (amount === 0 ? "         ." : value(amount));
  const lines = [`Total: ${formatValue(format, total)}`];
  for (const { name, files } of functions) {
    if (files.length === 0) lines.push(`No source information for ${name}`);
    for (const { file, flat, cum, lines: source, problem } of files) {
      lines.push(`ROUTINE ======================== ${name} in ${file}`);
      lines.push(`${value(flat)} ${value(cum)} (flat, cum) ${percentage(cum, total)} of Total`);
      if (problem !== undefined) {
        lines.push(` Error: ${problem}`);
        continue;
      }
      for (const { number, text, flat, cum } of source) {
        lines.push(`${orDot(flat)} ${orDot(cum)} ${String(number).padStart(6)}:${text}`);
      }
    }
  }
  return `${lines.join("\n")}\n`;
}
