import type { FunctionIndex, MappingIndex, StringIndex } from "../profile/indices.js";
import { NO_MAPPING } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";

/** A compiled regular expression, in the syntax and with the meaning of Go's regexp (RE2). */
export interface Pattern {
  /** Whether it matches anywhere in the UTF-8 text. */
  test(text: Uint8Array): boolean;
  /** The same of `bytes[start, end)`, where that is less work. */
  testPart?(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Compiles a pattern; throws an Error with a one-line message where it is not one. */
export type CompilePattern = (pattern: string) => Pattern;

/**
 * Asks a pattern about strings of a profile, and asks it once for each string however
 * many functions, locations and samples there are.
 */
export class StringMatcher {
  readonly #answers: Uint8Array;

  constructor(
    readonly profile: Profile,
    readonly pattern: Pattern,
  ) {
    this.#answers = new Uint8Array(profile.strings.length);
  }

  string(index: StringIndex): boolean {
    let answer = this.#answers[index];
    if (answer === UNKNOWN) {
      answer = this.profile.strings.matches(index, this.pattern) ? YES : NO;
      this.#answers[index] = answer;
    }
    return answer === YES;
  }

  /** Whether the function's name or file matches. */
  function(index: FunctionIndex): boolean {
    const { functions } = this.profile;
    return this.string(functions.name[index]) || this.string(functions.filename[index]);
  }

  /** Whether the mapping's file matches; no mapping matches nothing. */
  mapping(index: MappingIndex): boolean {
    return index !== NO_MAPPING && this.string(this.profile.mappings.file[index]);
  }
}

const UNKNOWN = 0;
const NO = 1;
const YES = 2;
