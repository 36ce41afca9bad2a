const CHUNK_UNITS = 1 << 20;

/** Replaces single characters in chunks, because V8 aborts if one call has too many matches. */
export function replaceEach(
  text: string,
  pattern: RegExp,
  replacement: (character: string) => string,
): string {
  if (text.length <= CHUNK_UNITS) return text.replace(pattern, replacement);
  const chunks: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + CHUNK_UNITS, text.length);
    // Do not split a surrogate pair.
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1])) end++;
    chunks.push(text.slice(start, end).replace(pattern, replacement));
    start = end;
  }
  return chunks.join("");
}
