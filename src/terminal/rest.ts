/** By granularity: what a row stands for. */
const ROWS = {
  functions: ["function", "functions"],
  filefunctions: ["function", "functions"],
  files: ["file", "files"],
  lines: ["line", "lines"],
  addresses: ["address", "addresses"],
} as const;

/** What the rows of a report stand for. */
export type Granularity = keyof typeof ROWS;

/** The line below the rows of a report on those that are not shown, and how to see them. */
export function restLine(count: number, granularity: Granularity, how: string): string {
  const [one, many] = ROWS[granularity];
  return `… ${count} more ${count === 1 ? one : many}; ${how}`;
}
