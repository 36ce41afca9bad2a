/**
 * `text` as it stands in XML, between tags or in double quotes. What XML 1.0 has no way
 * to write (most control characters, halves of surrogate pairs, U+FFFE and U+FFFF)
 * becomes U+FFFD, so that a file stays well-formed whatever a profile holds.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_IN_XML, "\ufffd")
    .replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character]);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_IN_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** White space too, which attributes would else turn into spaces. */
const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};
