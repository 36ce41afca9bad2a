/** How many columns `text` takes; every code point counts as one. */
export function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}

/**
 * Shortens `text` in the middle to `width` columns. Names begin with the package and
 * end with the function, and both ends matter.
 */
export function shorten(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  if (width < 2) return "…".slice(0, width);
  const end = Math.ceil((width - 1) * 0.6);
  return `${letters.slice(0, width - 1 - end).join("")}…${letters.slice(letters.length - end).join("")}`;
}
