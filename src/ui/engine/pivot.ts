/**
 * What flame graphs may be about besides one place, whose name it is: all places that match
 * a regular expression, written as `/REGEX/`. Gives that, or undefined for a name.
 */
export function pivotPattern(place: string): string | undefined {
  return /^\/(.+)\/$/s.exec(place)?.[1];
}
