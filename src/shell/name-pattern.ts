/** Turns names of a profile into regular expressions for the shell: one word each. */

/** The maximum length of a name in a pattern. A longer name is matched by its beginning. */
const MAX_LENGTH = 1000;

/**
 * Returns a name for display and comparison. White space becomes blanks. Other invisible
 * characters, and lone surrogates (bytes that are not UTF-8), become `.`, which matches them.
 */
export function printable(name: string): string {
  const start = name.slice(0, MAX_LENGTH);
  if (/^[\x20-\x7e]*$/.test(start)) return start;
  return start.replace(/[\t\n\f\r]/g, " ").replace(/(?! )[\p{C}\p{Z}]/gu, ".");
}

/** Returns a regular expression for a {@link printable} name, as a part of a longer pattern. */
export function escapeName(name: string): string {
  return (
    name
      .replace(/[\\^$*+?()[\]{}|]/g, "\\$&")
      .replaceAll(" ", "\\s")
      // `//:` would begin a comment.
      .replaceAll("//:", "/\\/:")
  );
}

/** Returns a pattern for a {@link printable} name that is never read as a count or an option. */
export function patternOf(name: string): string {
  if (/^(\d+|cum)$/.test(name)) return `^${name}`;
  return /^[->]/.test(name) ? `\\${escapeName(name)}` : escapeName(name);
}

/** Returns the name that the beginning of such a pattern, or of a name, matches. */
export function namedBy(pattern: string): string {
  return pattern.replace(/\\(s|[^A-Za-z0-9])/g, (_, escaped) => (escaped === "s" ? " " : escaped));
}

/** How well a name matches the typed text; lower is better. */
const BEGINS = 0;
const PART_BEGINS = 1;
const CONTAINS = 2;
const NO_MATCH = 3;

/**
 * Returns the names that match the typed text best, without duplicates: those that begin with it;
 * or else those with a part, such as a method, that does; or else those that contain it. Ignores
 * the case of letters only if no name matches otherwise.
 */
export function matchingNames(names: readonly string[], typed: string): string[] {
  const shown = new Set(names.map(printable));
  shown.delete("");
  const exact = bestOf(shown, (name) => rank(name, typed));
  if (exact.length > 0) return exact;
  const lower = typed.toLowerCase();
  return bestOf(shown, (name) => rank(name.toLowerCase(), lower));
}

function bestOf(names: Iterable<string>, rankOf: (name: string) => number): string[] {
  let best = NO_MATCH;
  let found: string[] = [];
  for (const name of names) {
    const rank = rankOf(name);
    if (rank > best || rank === NO_MATCH) continue;
    if (rank < best) found = [];
    best = rank;
    found.push(name);
  }
  return found;
}

function rank(name: string, typed: string): number {
  const first = name.indexOf(typed);
  if (first < 0) return NO_MATCH;
  if (first === 0) return BEGINS;
  for (let at = first; at > 0; at = name.indexOf(typed, at + 1)) {
    if (!/[\p{L}\p{N}_$]/u.test(name[at - 1])) return PART_BEGINS;
  }
  return CONTAINS;
}

/** Returns the longest common beginning of all texts. Does not split surrogate pairs. */
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

/** Whether a text contains another, ignoring the case of letters. */
export function containsIgnoringCase(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
