/*
 * The meaning of the text in a search field, for every view and picture.
 *
 * - The text is a regular expression, and matches a name if it matches anywhere in it.
 * - Letters match both cases unless the text contains a capital letter. A field with its
 *   own button for case passes `ignoreCase` instead.
 * - Fields that accept text or a regular expression use `textMatcher`. Fields labelled
 *   "regular expression" report an invalid one: they use `patternMatcher`, or `re2Matcher`
 *   of re2-search.ts where the page has RE2. Pictures do without RE2 to stay small.
 */

export type NameMatcher = (name: string) => boolean;

/** Whether a search ignores case: it has no capital letter, apart from escapes such as `\S`. */
export function ignoresCase(text: string): boolean {
  return !/\p{Lu}/u.test(text.replace(/\\./gs, ""));
}

/** Matches names against a regular expression. Throws a SyntaxError if it is invalid. */
export function patternMatcher(pattern: string): NameMatcher {
  const regexp = compile(pattern);
  return (name) => regexp.test(name);
}

/** Matches text and regular expressions, because function names contain parentheses and stars. */
export function textMatcher(text: string): NameMatcher {
  const fold = ignoresCase(text) ? (name: string) => name.toLowerCase() : (name: string) => name;
  const literal = fold(text);
  const contains: NameMatcher = (name) => fold(name).includes(literal);
  try {
    const matches = patternMatcher(text);
    return (name) => matches(name) || contains(name);
  } catch {
    return contains;
  }
}

/** Accepts Unicode syntax such as `\p{Lu}`, and the laxer syntax without it, such as `\-`. */
function compile(pattern: string): RegExp {
  const flags = ignoresCase(pattern) ? "i" : "";
  try {
    return new RegExp(pattern, `${flags}u`);
  } catch {
    return new RegExp(pattern, flags);
  }
}
