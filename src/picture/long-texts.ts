/** Longer strings are replaced; in UTF-16 units. All visible labels are shorter. */
const MAX_LENGTH = 20_000;

/** The first character of a replacement. DOT text escapes it, so no other string contains it. */
const MARK = "\u0082";

/** Replaces long strings of DOT text by numbers: Graphviz would copy one for each letter of it. */
export class LongTexts {
  readonly #texts: string[] = [];

  /** Replaces the long strings in DOT text, which must not contain escaped quotes. */
  replace(dot: string): string {
    return dot.replace(/"([^"]*)"/g, (quoted, text: string) =>
      text.length <= MAX_LENGTH ? quoted : `"${MARK}${this.#texts.push(text) - 1}"`,
    );
  }

  /** Returns the string that was replaced by a text, or the text itself if there is none. */
  restore = (text: string): string =>
    text.startsWith(MARK) ? (this.#texts[Number(text.slice(1))] ?? text) : text;
}
