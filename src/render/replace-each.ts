/** In UTF-16 units. */
const CHUNK_UNITS = 1 << 20;

/**
 * What `text.replace(pattern, replacement)` returns for a pattern of single characters. V8 ends the
 * process where too many matches are replaced in one call, so long text is taken in chunks.
 */
export function replaceEach(
  text: string,
  pattern: RegExp,
  replacement: (character: string) => string,
): string {
  if (text.length <= CHUNK_UNITS) return text.replace(pattern, replacement);
  const chunks: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + CHUNK_UNITS, text.length);
    // A pair of surrogates stays together.
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1])) end++;
    chunks.push(text.slice(start, end).replace(pattern, replacement));
    start = end;
  }
  return chunks.join("");
}
