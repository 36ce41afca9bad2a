import { replaceEach } from "./replace-each.js";

/** Markup, white space that parsers normalize, and characters that XML 1.0 does not allow. */
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

/** Escapes `text` for XML elements and quoted attributes. Forbidden characters become U+FFFD. */
export function escapeXml(text: string): string {
  return replaceEach(text, ESCAPED_CHARACTERS, (special) => ENTITIES[special] ?? "\ufffd");
}
