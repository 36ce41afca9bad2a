/** In UTF-16 units. Longer than any label that is drawn, and no work for Graphviz yet. */
const MAX_LENGTH = 20_000;

/** Begins what stands for a text. The layout's text has no such character: it was written out. */
const MARK = "\u0082";

/**
 * The long quoted strings of DOT text, such as the tooltip of a name of megabytes. Graphviz
 * copies them once for each of their characters, so it gets their numbers in their place.
 */
export class LongTexts {
  readonly #texts: string[] = [];

  /** DOT text with numbers for long strings. No quotes are escaped in it. */
  replace(dot: string): string {
    return dot.replace(/"([^"]*)"/g, (quoted, text: string) =>
      text.length <= MAX_LENGTH ? quoted : `"${MARK}${this.#texts.push(text) - 1}"`,
    );
  }

  /** The string that a number stands for; other text is returned as it is. */
  restore = (text: string): string =>
    text.startsWith(MARK) ? (this.#texts[Number(text.slice(1))] ?? text) : text;
}
