import { encodeUtf8 } from "../profile/utf8.js";
import type { Pattern } from "./matcher.js";

/** The search for a literal needs time proportional to its length times the length of the name. */
const MAX_SEARCHED_BYTES = 64;

/** A regular expression of ASCII literals and escaped punctuation, with optional anchors. */
const LITERAL = /^(\^?)((?:[\w\s!"#%&',\-/:;<=>@`~]|\\[!-/:-@[-`{-~])*)(\$?)$/;

/**
 * Returns a matcher for a regular expression that is only a text, with or without anchors, else
 * undefined. Most filters are such texts, and need no regular expression engine.
 */
export function literalPattern(pattern: string): Pattern | undefined {
  const [, start, escaped, end] = LITERAL.exec(pattern) ?? [];
  // `\s` also matches white space outside ASCII.
  if (escaped === undefined || /[^\t-~]/.test(escaped)) return undefined;
  const text = encodeUtf8(escaped.replace(/\\(.)/g, "$1"));
  if (start === "" && text.length > MAX_SEARCHED_BYTES) return undefined;
  return new Literal(text, start !== "", end !== "");
}

/** A literal at the start of a pattern, and a quantifier that may make its end optional. */
const LITERAL_PREFIX = /^((?:[\w\s!"#%&',\-/:;<=>@`~]|\\[!-/:-@[-`{-~])+)([*?{]?)/;

/** Syntax that can make the start of a pattern optional: alternatives, flags and quoted text. */
const OPTIONAL_SYNTAX = /\||\(\?|\\Q/;

/**
 * Returns a matcher for a text that every match of the regular expression contains, or undefined if
 * none is easy to find. Callers test it first, because it is cheaper than the engine.
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
