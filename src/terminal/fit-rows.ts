/** The rows of the terminal that stay free, for the command line above and the prompt below. */
const FREE_ROWS = 2;

/**
 * Draws as many of `available` rows as fit on a terminal of `height` rows (all if it is undefined),
 * but at least `least`. `draw` returns the lines of the report with its first `count` rows.
 */
export function fitRows(
  available: number,
  { height, least }: { readonly height: number | undefined; readonly least: number },
  draw: (count: number) => readonly string[],
): readonly string[] {
  if (height === undefined) return draw(available);
  // A row has at least one line.
  let count = Math.min(available, Math.max(least, height));
  for (;;) {
    const lines = draw(count);
    const excess = lines.length + FREE_ROWS - height;
    if (excess <= 0 || count <= least) return lines;
    // Draw and measure again, as the lines around the rows depend on the rows.
    count = Math.max(least, count - Math.ceil((excess * count) / lines.length));
  }
}
