/**
 * Returns a unit that is safe in Markdown and in text. Replaces all characters by `?` except
 * letters, digits and a few signs, which all real units consist of.
 */
export function plainUnit(unit: string): string {
  return unit.replace(/[^\p{L}\p{M}\p{N} _/%-]/gu, "?");
}
