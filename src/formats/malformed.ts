import { ProfileError } from "../profile/errors.js";
import type { LineReader } from "./lines.js";

/** Returns the error for the current line of a text profile. */
export function malformedLine(
  format: string,
  lines: Pick<LineReader, "number">,
  why: string,
): ProfileError {
  return new ProfileError(`malformed ${format}: line ${lines.number}: ${why}`);
}
