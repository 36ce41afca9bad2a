/** The preferred length of a line in a box, in UTF-16 code units. */
const LINE_UNITS = 40;

/** Longer names lose their middle: a box has at most a few lines. */
const NAME_UNITS = 160;

/** Matches a piece of a name up to and including a character that a line may end with. */
const PIECE = /.*?(?:[\s,/]|::|$)/gs;

/**
 * Breaks the name of a function into lines for a box, after a space, a comma, a `/` or `::`. Short
 * names are one line; a piece longer than a line keeps its length.
 */
export function wrapName(name: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [piece] of withoutMiddle(name).matchAll(PIECE)) {
    if (line !== "" && (line + piece).trimEnd().length > LINE_UNITS) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return [...lines, line];
}

function withoutMiddle(name: string): string {
  if (name.length <= NAME_UNITS) return name;
  const half = NAME_UNITS / 2;
  return `${name.slice(0, half)}…${name.slice(-half)}`.toWellFormed();
}
