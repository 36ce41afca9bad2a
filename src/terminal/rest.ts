import type { Options } from "../options/table.js";

/** What a row stands for. */
const ROW: Record<Options["granularity"], readonly [one: string, many: string]> = {
  functions: ["function", "functions"],
  filefunctions: ["function", "functions"],
  files: ["file", "files"],
  lines: ["line", "lines"],
  addresses: ["address", "addresses"],
};

/** The line below the rows of a report on those that are not shown, and how to see them. */
export function restLine(count: number, granularity: Options["granularity"], how: string): string {
  const [one, many] = ROW[granularity];
  return `… ${count} more ${count === 1 ? one : many}; ${how}`;
}
