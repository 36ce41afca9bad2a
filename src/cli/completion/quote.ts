/** Quotes text as one word of bash or zsh, which do not expand anything in single quotes. */
export function quotePosix(text: string): string {
  return isPlain(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Quotes text as one word of fish, where a backslash escapes in single quotes too. */
export function quoteFish(text: string): string {
  return isPlain(text) ? text : `'${text.replace(/['\\]/g, "\\$&")}'`;
}

/** Whether text needs no quotes in any shell. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9_./-]+$/.test(text);
}
