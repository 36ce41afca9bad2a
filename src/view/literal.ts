import { encodeUtf8 } from "../profile/utf8.js";
import type { Pattern } from "./matcher.js";

/** Longer ones could take long where names are made for it. */
const MAX_SEARCHED_BYTES = 64;

/** ASCII letters that mean themselves, and others behind a backslash; an anchor at either end. */
const LITERAL = /^(\^?)((?:[\w\s!"#%&',\-/:;<=>@`~]|\\[!-/:-@[-`{-~])*)(\$?)$/;

/**
 * The same as a regular expression that is just a text, perhaps anchored: most filters are a
 * word or the whole name of a function, and need no engine. Undefined for any other.
 */
export function literalPattern(pattern: string): Pattern | undefined {
  const [, start, escaped, end] = LITERAL.exec(pattern) ?? [];
  // White space of other scripts is no ASCII.
  if (escaped === undefined || /[^\t-~]/.test(escaped)) return undefined;
  const text = encodeUtf8(escaped.replace(/\\(.)/g, "$1"));
  if (start === "" && text.length > MAX_SEARCHED_BYTES) return undefined;
  return new Literal(text, start !== "", end !== "");
}

/** Letters that mean themselves at the start, and what says how often the last of them comes. */
const LITERAL_PREFIX = /^((?:[\w\s!"#%&',\-/:;<=>@`~]|\\[!-/:-@[-`{-~])+)([*?{]?)/;

/** An alternative, or flags and quoted text, behind which what is before them can be repeated. */
const OPTIONAL_SYNTAX = /\||\(\?|\\Q/;

/**
 * A text that every match of the regular expression has, to be looked for before an engine is
 * asked; undefined where there is none that is easily seen.
 */
export function requiredText(pattern: string): Pattern | undefined {
  const [, start, repeated] = LITERAL_PREFIX.exec(pattern) ?? [];
  if (start === undefined || OPTIONAL_SYNTAX.test(pattern)) return undefined;
  return literalPattern(repeated === "" ? start : start.replace(/\\?.$/s, ""));
}

class Literal implements Pattern {
  constructor(
    readonly text: Uint8Array,
    readonly atStart: boolean,
    readonly atEnd: boolean,
  ) {}

  test(bytes: Uint8Array): boolean {
    return this.testPart(bytes, 0, bytes.length);
  }

  testPart(bytes: Uint8Array, start: number, end: number): boolean {
    const { length } = this.text;
    const last = end - length;
    if (last < start) return false;
    if (this.atStart && this.atEnd) return last === start && this.#isAt(bytes, start);
    if (this.atStart) return this.#isAt(bytes, start);
    if (this.atEnd) return this.#isAt(bytes, last);
    for (let at = start; at <= last; at++) if (this.#isAt(bytes, at)) return true;
    return false;
  }

  #isAt(bytes: Uint8Array, at: number): boolean {
    const { text } = this;
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
    return true;
  }
}
