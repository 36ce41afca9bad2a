import { re2Matcher } from "../search/re2-search.js";
import { findMatches, foundText, type Matches } from "./matches.js";
import { NONE, type Scene } from "./scene.js";

export interface SearchResult {
  /** The number of matching frames and their share, or the error in the pattern. */
  readonly text: string;
  readonly isWrong: boolean;
  /** The number of matches, and the position of the current one, from 1; 0 for none. */
  readonly count: number;
  readonly at: number;
}

const NOTHING_FOUND: SearchResult = { text: "", isWrong: false, count: 0, at: 0 };

/** The frames that match a search, and the current match. */
export class MarkedFrames {
  #pattern = "";
  #ignoreCase = true;
  #matches: Matches | undefined;
  #result = NOTHING_FOUND;
  #at = NONE;

  get result(): SearchResult {
    return this.#result;
  }

  /** By function: 1 if it matches. Undefined without a search. */
  get functions(): Matches["functions"] | undefined {
    return this.#matches?.functions;
  }

  /** Whether the user has gone to a match. */
  get hasCurrent(): boolean {
    return this.#at >= 0;
  }

  /** Sets the pattern; an empty one ends the search. Returns whether it has changed. */
  setPattern(pattern: string, ignoreCase: boolean): boolean {
    if (pattern === this.#pattern && ignoreCase === this.#ignoreCase) return false;
    this.#pattern = pattern;
    this.#ignoreCase = ignoreCase;
    return true;
  }

  search(scene: Scene | undefined): void {
    this.#matches = undefined;
    this.#result = NOTHING_FOUND;
    this.#at = NONE;
    if (!scene || this.#pattern === "") return;
    try {
      this.#matches = findMatches(scene, re2Matcher(this.#pattern, this.#ignoreCase));
      const count = this.#matches.frames.length;
      this.#result = { text: foundText(scene, this.#matches), isWrong: false, count, at: 0 };
    } catch (error) {
      const text = error instanceof Error ? error.message : "not a regular expression";
      this.#result = { text, isWrong: true, count: 0, at: 0 };
    }
  }

  /** Goes to the next match, or with -1 to the previous one. Returns its frame, or undefined. */
  step(step: 1 | -1): number | undefined {
    const frames = this.#matches?.frames;
    if (!frames?.length) return undefined;
    const before = this.#at < 0 && step < 0 ? 0 : this.#at;
    this.#at = (before + step + frames.length) % frames.length;
    this.#result = { ...this.#result, at: this.#at + 1 };
    return frames[this.#at];
  }
}
