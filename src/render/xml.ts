import { replaceEach } from "./replace-each.js";

/**
 * Marks of XML, blanks that parsers change within attributes, and what XML 1.0 does not
 * allow at all: most controls, halves of surrogate pairs, U+FFFE and U+FFFF.
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
 * `text` as it is written in XML, within an element or an attribute in quotes. What XML
 * does not allow becomes U+FFFD.
 */
export function escapeXml(text: string): string {
  return replaceEach(text, ESCAPED_CHARACTERS, (special) => ENTITIES[special] ?? "\ufffd");
}
