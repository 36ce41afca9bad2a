/**
 * Names that come from a profile, as regular expressions that can be typed into the shell:
 * one word, without characters that could steer a terminal.
 */

/** Of a longer name only the beginning is written, which matches it as well. */
const LONGEST = 1000;

/**
 * A name as it is shown and compared: every kind of blank that `\s` stands for is a blank,
 * and what is not printed or would end a word is `.`, which matches it. Bytes that are not
 * UTF-8 are surrogates without a partner, and so among the latter.
 */
export function printable(name: string): string {
  const start = name.slice(0, LONGEST);
  if (/^[\x20-\x7e]*$/.test(start)) return start;
  return start.replace(/[\t\n\f\r]/g, " ").replace(/(?! )[\p{C}\p{Z}]/gu, ".");
}

/** A regular expression that stands for a {@link printable} name within a longer one. */
export function escapeName(name: string): string {
  return (
    name
      .replace(/[\\^$*+?()[\]{}|]/g, "\\$&")
      .replaceAll(" ", "\\s")
      // It would begin a comment.
      .replaceAll("//:", "/\\/:")
  );
}

/**
 * A regular expression that stands for a {@link printable} name as a word of a command:
 * not read as a number of rows, as `-cum`, or as what to ignore or to write to.
 */
export function patternOf(name: string): string {
  if (/^(\d+|cum)$/.test(name)) return `^${name}`;
  return /^[->]/.test(name) ? `\\${escapeName(name)}` : escapeName(name);
}

/** What someone means who typed the beginning of such a pattern, or of a name as it is. */
export function namedBy(pattern: string): string {
  return pattern.replace(/\\(s|[^A-Za-z0-9])/g, (_, escaped) => (escaped === "s" ? " " : escaped));
}

/** How well a name answers what was typed, the best first. */
const BEGINS = 0;
const PART_BEGINS = 1;
const HOLDS = 2;
const NO_ANSWER = 3;

/**
 * The names that answer what was typed, in their order, as {@link printable} shows them and
 * each once: those that begin with it; if none does those with a part that does, such as
 * a method; else those that hold it. If there is none at all, the case of letters does not
 * count.
 */
export function answers(names: readonly string[], typed: string): string[] {
  const shown = new Set(names.map(printable));
  shown.delete("");
  const exact = bestOf(shown, (name) => rank(name, typed));
  if (exact.length > 0) return exact;
  const lower = typed.toLowerCase();
  return bestOf(shown, (name) => rank(name.toLowerCase(), lower));
}

function bestOf(names: Iterable<string>, rankOf: (name: string) => number): string[] {
  let best = NO_ANSWER;
  let found: string[] = [];
  for (const name of names) {
    const rank = rankOf(name);
    if (rank > best || rank === NO_ANSWER) continue;
    if (rank < best) found = [];
    best = rank;
    found.push(name);
  }
  return found;
}

function rank(name: string, typed: string): number {
  const first = name.indexOf(typed);
  if (first < 0) return NO_ANSWER;
  if (first === 0) return BEGINS;
  for (let at = first; at > 0; at = name.indexOf(typed, at + 1)) {
    if (!/[\p{L}\p{N}_$]/u.test(name[at - 1])) return PART_BEGINS;
  }
  return HOLDS;
}

/** The longest text that all begin with, without half of a character at its end. */
export function commonBeginning(texts: readonly string[]): string {
  const [first, ...others] = texts;
  let { length } = first;
  for (const text of others) {
    let same = 0;
    while (same < length && text[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** Whether a text holds another, whatever the case of letters. */
export function holds(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
