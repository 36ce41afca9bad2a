import { replaceEach } from "./replace-each.js";

/**
 * Characters that are invisible or change how other text looks: control characters except tab,
 * newline and form feed (also C1, DEL, and C1 bytes that are not UTF-8: U+DC80 to U+DC9F), marks
 * of text direction, U+200B, U+FEFF, joiners, variation selectors and tag characters. Names in a
 * profile are untrusted: they must not control the terminal or look like other names.
 */
export const HIDDEN_CHARACTERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  /[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\udc80-\udc9f\u2028\u2029\ufff9-\ufffb\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Matches all hidden characters and a few others. Ten times as fast outside Latin-1, because V8 is
 * slow with `\p{}` and long classes. Most text does not match.
 */
const MAYBE_HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  /[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\xad]|[\u034f\u061c\u115f\u1160\u17b4-\u180f\u200b-\u206f\u3164\ud82f\ud834\udb40-\udb43\udc80-\udc9f\ufeff\uffa0\ufff0-\uffff]|[\ufe00-\ufe0f]/;

/** Escapes hidden characters in `text`, as `\x1b`, `\u200b` or `\u{e0041}`. */
export function escapeControls(text: string): string {
  return MAYBE_HIDDEN.test(text) ? replaceEach(text, HIDDEN_CHARACTERS, escapeHidden) : text;
}

/** Escapes hidden characters in strings of the DOT language, with two backslashes for one. */
export function escapeControlsInDot(text: string): string {
  const double = (character: string) => `\\${escapeHidden(character)}`;
  // SVG does not allow form feeds.
  const plain = text.replaceAll("\f", double);
  return MAYBE_HIDDEN.test(plain) ? replaceEach(plain, HIDDEN_CHARACTERS, double) : plain;
}

/** A cache of escapes; there are a few thousand hidden characters. */
const escapes = new Map<string, string>();

function escapeHidden(character: string): string {
  let form = escapes.get(character);
  if (form === undefined) {
    form = formatEscape(character);
    escapes.set(character, form);
  }
  return form;
}

function formatEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdc9f) return `\\x${(code & 0xff).toString(16)}`;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

/**
 * Escapes `text` for use within a line of a message or log. Also escapes line breaks, and the start
 * of `##[`, which CI systems treat as a command anywhere in a line.
 */
export function escapeLine(text: string): string {
  return escapeControls(text)
    .replace(/[\n\f]/g, escapeHidden)
    .replace(/#(?=#\w*\[)/g, escapeHidden);
}

/** Escapes a whole log line, where `::` at the start is a GitHub Actions command. */
export function escapeLogLine(text: string): string {
  return escapeLine(text).replace(/(?<=^\s*):(?=:)/, escapeHidden);
}

/** Escapes CI commands in a report of several lines, which keeps the line breaks of names. */
export function escapeCiCommands(report: string): string {
  return report
    .replace(/(?<=^[ \t]*):(?=:[a-z-]+[ :])/gm, escapeHidden)
    .replace(/#(?=#\w*\[)/g, escapeHidden);
}
