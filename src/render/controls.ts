import { replaceEach } from "./replace-each.js";

/**
 * Characters that change how other text looks, or that take no room: control characters other
 * than tab, newline and form feed (C1 and DEL included, also as bytes that are not UTF-8, which
 * are U+DC80 to U+DC9F unless they are half of a pair), marks that change the direction of text,
 * and invisible ones such as U+200B, U+FEFF, joiners, variation selectors and tag characters.
 * Names in a profile come from outside. They must not steer the terminal that shows them, and
 * names that differ must look different.
 */
export const HIDDEN_CHARACTERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\udc80-\udc9f\u2028\u2029\ufff9-\ufffb\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Finds all of them and a few others, ten times as fast in text beyond Latin-1: V8 is slow with
 * `\p{}` and with long classes, and most text has nothing to write out.
 */
const MAYBE_HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\xad]|[\u034f\u061c\u115f\u1160\u17b4-\u180f\u200b-\u206f\u3164\ud82f\ud834\udb40-\udb43\udc80-\udc9f\ufeff\uffa0\ufff0-\uffff]|[\ufe00-\ufe0f]/;

/** `text` with such characters written out, as `\x1b`, `\u200b` or `\u{e0041}`. */
export function withoutControls(text: string): string {
  return MAYBE_HIDDEN.test(text) ? replaceEach(text, HIDDEN_CHARACTERS, escapeHidden) : text;
}

/** The same for the language of Graphviz, in whose strings two backslashes stand for one. */
export function withoutControlsInDot(text: string): string {
  const double = (character: string) => `\\${escapeHidden(character)}`;
  // A form feed is no character of SVG.
  const plain = text.replaceAll("\f", double);
  return MAYBE_HIDDEN.test(plain) ? replaceEach(plain, HIDDEN_CHARACTERS, double) : plain;
}

/** Each hidden character as it is written, some thousands at most. */
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
 * `text` as a part of one line, for messages and logs: ends of lines are written out too, and so
 * is the beginning of `##[`, by which programs that run builds know a command anywhere in a line.
 */
export function inOneLine(text: string): string {
  return withoutControls(text)
    .replace(/[\n\f]/g, escapeHidden)
    .replace(/#(?=#\w*\[)/g, escapeHidden);
}

/** `text` as a whole line of a log, at whose beginning `::` would be a command of GitHub Actions. */
export function asLogLine(text: string): string {
  return inOneLine(text).replace(/(?<=^\s*):(?=:)/, escapeHidden);
}

/**
 * A report of many lines, with what would be a command for a program that runs builds written
 * out: names may have ends of lines in them, which pprof's text keeps.
 */
export function withoutBuildCommands(report: string): string {
  return report
    .replace(/(?<=^[ \t]*):(?=:[a-z-]+[ :])/gm, escapeHidden)
    .replace(/#(?=#\w*\[)/g, escapeHidden);
}
