import { usageError } from "../errors/user-error.js";
import { defaultOptions, type Options } from "../options/table.js";
import { parseSize } from "../units/size.js";

/** A limit on memory, such as `4gb`; `2gb` by default, as in the command line. */
export type SizeLimit = Partial<Pick<Options, "max_size">>;

/** Returns the limit in bytes. Throws an Error of one line if it is not a size. */
export function maxBytesOf({ max_size = defaultOptions().max_size }: SizeLimit): number {
  const bytes = parseSize(max_size);
  if (bytes === undefined) throw usageError(`max_size must be a size such as 4gb, not ${max_size}`);
  return bytes;
}
