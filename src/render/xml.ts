import { replaceEach } from "./replace-each.js";

/**
 * XML markup, white space that parsers normalize in attributes, and characters that XML 1.0 does
 * not allow: most control characters, unpaired surrogates, U+FFFE and U+FFFF.
 */
const ESCAPED_CHARACTERS = /[&<>"'\t\n\r]|[^\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/**
 * Escapes `text` for an XML element or a quoted attribute. Characters that XML does not allow
 * become U+FFFD.
 */
export function escapeXml(text: string): string {
  return replaceEach(text, ESCAPED_CHARACTERS, (special) => ENTITIES[special] ?? "\ufffd");
}
