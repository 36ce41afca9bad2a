import type { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";

/** A format other than profile.proto that can be turned into a {@link Profile}. */
export interface Format {
  /** What it is called in messages, such as `heap profile`. */
  readonly name: string;
  /**
   * Whether a whole input, inflated, is of this format: by what it holds, never by a
   * name. Only the beginning counts, so that damage further on is an error of this
   * format and not an unknown one.
   */
  detect(bytes: Uint8Array): boolean;
  /**
   * Reads an input that {@link detect} took for its own. Throws a `ProfileError` where
   * it is malformed. Charges everything that it builds to `budget`, which throws where that
   * is too much.
   */
  read(bytes: Uint8Array, budget: Budget): Profile;
}
