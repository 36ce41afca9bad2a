/**
 * A unit as it can stand anywhere in Markdown and in lines of text: with a `?` for what is neither
 * a letter, a digit nor one of a few harmless signs. Honest units have nothing else.
 */
export function plainUnit(unit: string): string {
  return unit.replace(/[^\p{L}\p{M}\p{N} _/%-]/gu, "?");
}
