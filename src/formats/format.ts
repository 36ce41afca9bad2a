import type { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";

/**
 * Reports that a reader left out part of an input, in one line without the name of the file, such as
 * `1 sample of an unknown node was skipped`. A reader counts, and reports each reason only once.
 */
export type WarnReader = (line: string) => void;

/** A format that can be read into a {@link Profile}. */
export interface Format {
  /** The name in messages, such as `heap profile`. */
  readonly name: string;
  /** Set if pprof reads the format itself. */
  readonly isPprofs?: true;
  /**
   * Tests whether an inflated input has this format, by its contents, never by a file name. Only
   * the beginning counts, so that damage further on is reported as an error of this format.
   */
  detect(bytes: Uint8Array): boolean;
  /**
   * Reads an input that {@link detect} accepted. Throws a `ProfileError`, `malformed NAME: reason`,
   * for invalid input. Charges all memory to `budget`, which throws if the input needs too much.
   * Passes a line to `warn` if the input is usable, but the profile lacks part of it.
   */
  read(bytes: Uint8Array, budget: Budget, warn: WarnReader): Profile;
}
