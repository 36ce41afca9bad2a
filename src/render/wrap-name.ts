/** The preferred length of a line in a box, in UTF-16 code units. */
const LINE_UNITS = 40;

/** Longer names lose their middle: a box has at most a few lines. */
const NAME_UNITS = 160;

/** Matches a word with the white space after it. */
const WORD = /\S*\s*/g;

/** Matches a part of a long word, up to a `/`, a comma or `::`. */
const PART = /.*?(?:[/,]|::|$)/gs;

/**
 * Breaks the name of a function into lines for a box: between words, and in a word that exceeds a
 * line after a `/`, a comma or `::`. A part without them keeps its length.
 */
export function wrapName(name: string): string[] {
  const lines: string[] = [];
  let line = "";
  const endLine = () => {
    if (line !== "") lines.push(line.trimEnd());
    line = "";
  };
  const append = (text: string) => {
    if ((line + text).trimEnd().length > LINE_UNITS) endLine();
    line += text;
  };
  for (const [word] of withoutMiddle(name).matchAll(WORD)) {
    if (word.trimEnd().length <= LINE_UNITS) {
      append(word);
    } else {
      endLine();
      for (const [part] of word.matchAll(PART)) append(part);
    }
  }
  endLine();
  return lines;
}

function withoutMiddle(name: string): string {
  if (name.length <= NAME_UNITS) return name;
  const half = NAME_UNITS / 2;
  return `${name.slice(0, half)}…${name.slice(-half)}`.toWellFormed();
}
