/** Returns the regular expression of a pivot `/REGEX/`; undefined for the name of one function. */
export function pivotPattern(pivot: string): string | undefined {
  return /^\/(.+)\/$/s.exec(pivot)?.[1];
}
