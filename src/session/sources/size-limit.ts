import { usageError } from "../../errors/user-error.js";
import type { Options } from "../../options/table.js";
import { parseSize } from "../../units/size.js";

/** Returns the value of -max_size in bytes. Throws a {@link UserError} if it is not a size. */
export function sizeLimit({ max_size }: Pick<Options, "max_size">): number {
  const size = parseSize(max_size);
  if (size !== undefined) return size;
  throw usageError(
    `-max_size must be a size such as 512mb or 4gb, not ${JSON.stringify(max_size)}`,
  );
}
