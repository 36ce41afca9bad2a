import type { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";

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
   */
  read(bytes: Uint8Array, budget: Budget): Profile;
}
