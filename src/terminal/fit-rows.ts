/** Rows of the terminal that stay free: for the command line above and the prompt below. */
const FREE_ROWS = 2;

/**
 * Draws as many rows of a report as fit on a terminal of `height` rows, at least `least`, and all
 * `available` ones where the height is undefined. `draw` draws the first rows with all that
 * stands around them, as lines.
 */
export function fitRows(
  available: number,
  { height, least }: { readonly height: number | undefined; readonly least: number },
  draw: (count: number) => readonly string[],
): readonly string[] {
  if (height === undefined) return draw(available);
  // A row takes at least a line.
  let count = Math.min(available, Math.max(least, height));
  for (;;) {
    const lines = draw(count);
    const excess = lines.length + FREE_ROWS - height;
    if (excess <= 0 || count <= least) return lines;
    // The lines around the rows depend on the rows: the result is drawn and measured again.
    count = Math.max(least, count - Math.ceil((excess * count) / lines.length));
  }
}
