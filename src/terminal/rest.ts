const ROW_WORDS = {
  functions: ["function", "functions"],
  filefunctions: ["function", "functions"],
  files: ["file", "files"],
  packages: ["package", "packages"],
  modules: ["module", "modules"],
  lines: ["line", "lines"],
  addresses: ["address", "addresses"],
} as const;

export type Granularity = keyof typeof ROW_WORDS;

/** Returns the line below a report about the rows that are not shown, and how to see them. */
export function restLine(count: number, granularity: Granularity, how: string): string {
  const [one, many] = ROW_WORDS[granularity];
  return `… ${count} more ${count === 1 ? one : many}; ${how}`;
}
