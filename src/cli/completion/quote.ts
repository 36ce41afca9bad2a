/** `text` as one word of bash or zsh. In single quotes nothing has a meaning there. */
export function quotePosix(text: string): string {
  return isPlain(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `text` as one word of fish, where a backslash keeps its meaning in single quotes. */
export function quoteFish(text: string): string {
  return isPlain(text) ? text : `'${text.replace(/['\\]/g, "\\$&")}'`;
}

/** Whether no shell sees anything in it. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9_./-]+$/.test(text);
}
