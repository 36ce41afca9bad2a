/** Makes a unit safe in Markdown and text: characters that no real unit has become `?`. */
export function plainUnit(unit: string): string {
  return unit.replace(/[^\p{L}\p{M}\p{N} _/%-]/gu, "?");
}
