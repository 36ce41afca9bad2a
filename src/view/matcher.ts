import type { FunctionIndex, MappingIndex, StringIndex } from "../profile/indices.js";
import { NO_MAPPING } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";

/** A compiled regular expression with the syntax and the meaning of Go's regexp (RE2). */
export interface Pattern {
  /** Whether the pattern matches anywhere in the UTF-8 text. */
  test(text: Uint8Array): boolean;
  /** Does the same for `bytes[start, end)` without copying, if the pattern supports it. */
  testPart?(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Compiles a pattern. Throws an Error with a one-line message if the syntax is wrong. */
export type CompilePattern = (pattern: string) => Pattern;

/** Matches strings of a profile against a pattern, testing each distinct string only once. */
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

  /** Whether the mapping's file matches. {@link NO_MAPPING} matches no pattern. */
  mapping(index: MappingIndex): boolean {
    return index !== NO_MAPPING && this.string(this.profile.mappings.file[index]);
  }
}

const UNKNOWN = 0;
const NO = 1;
const YES = 2;
