/** Quotes text as one word of bash or zsh, which do not expand anything in single quotes. */
export function quotePosix(text: string): string {
  return isPlain(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Quotes text as one word of fish, where a backslash escapes in single quotes too. */
export function quoteFish(text: string): string {
  return isPlain(text) ? text : `'${text.replace(/['\\]/g, "\\$&")}'`;
}

/** Returns a pattern of `case` in bash and zsh. Without names, it matches only the empty word. */
export function casePattern(names: readonly string[]): string {
  return names.length === 0 ? "''" : names.map(quotePosix).join(" | ");
}

export function casePatternOf(words: readonly { readonly name: string }[]): string {
  return casePattern(words.map(({ name }) => name));
}

/** Whether text needs no quotes in any shell. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9_./-]+$/.test(text);
}
