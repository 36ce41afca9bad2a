import type { FunctionIndex, MappingIndex, StringIndex } from "../profile/indices.js";
import { NO_MAPPING } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

/** A compiled regular expression with the syntax and the meaning of Go's regexp (RE2). */
export interface Pattern {
  /** Whether the pattern matches anywhere in the UTF-8 text. */
  test(text: Uint8Array): boolean;
  /** Does the same for `bytes[start, end)` without copying, if the pattern supports it. */
  testPart?(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Compiles a pattern. Throws an Error with a one-line message if the syntax is wrong. */
export type CompilePattern = (pattern: string) => Pattern;

/**
 * Returns the texts under which reports print a function, such as `encode json.js:12` or its package,
 * as far as they differ from its name and file in the profile.
 */
export type PrintedNamesOf = (fn: FunctionIndex) => PrintedNames;

export interface PrintedNames {
  readonly texts: readonly string[];
  /**
   * Whether the function matches by these texts instead of its name. Names of nameless functions
   * contain the base name of their file, so that they may be equal to the text of another function.
   */
  readonly replacesName: boolean;
}

export const NO_PRINTED_NAMES: PrintedNames = { texts: [], replacesName: false };

/** Matches strings of a profile against a pattern, testing each distinct string only once. */
export class StringMatcher {
  readonly #answers: Uint8Array;
  readonly #functionAnswers: Uint8Array;

  /** Functions also match by their printed names. */
  constructor(
    readonly profile: Profile,
    readonly pattern: Pattern,
    readonly printedNamesOf: PrintedNamesOf = () => NO_PRINTED_NAMES,
  ) {
    this.#answers = new Uint8Array(profile.strings.length);
    this.#functionAnswers = new Uint8Array(profile.functions.length);
  }

  string(index: StringIndex): boolean {
    let answer = this.#answers[index];
    if (answer === UNKNOWN) {
      answer = this.profile.strings.matches(index, this.pattern) ? YES : NO;
      this.#answers[index] = answer;
    }
    return answer === YES;
  }

  /** Whether the name, file or a printed name of the function matches. */
  function(index: FunctionIndex): boolean {
    let answer = this.#functionAnswers[index];
    if (answer === UNKNOWN) {
      answer = this.#testFunction(index) ? YES : NO;
      this.#functionAnswers[index] = answer;
    }
    return answer === YES;
  }

  #testFunction(index: FunctionIndex): boolean {
    const { functions } = this.profile;
    if (this.string(functions.filename[index])) return true;
    const { texts, replacesName } = this.printedNamesOf(index);
    if (!replacesName && this.string(functions.name[index])) return true;
    return texts.some((text) => this.pattern.test(encodeUtf8(text)));
  }

  /** Whether the mapping's file matches. {@link NO_MAPPING} matches no pattern. */
  mapping(index: MappingIndex): boolean {
    return index !== NO_MAPPING && this.string(this.profile.mappings.file[index]);
  }
}

const UNKNOWN = 0;
const NO = 1;
const YES = 2;
