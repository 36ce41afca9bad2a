import { UserError } from "../errors/user-error.js";

/** An error in a profile: it is damaged, too large, or cannot be fetched. */
export class ProfileError extends UserError {
  override name = "ProfileError";
  /** The limit in bytes that the profile exceeds, if it does. */
  exceededLimit?: number;
}

/** The error for a profile of more than `limit` bytes. */
export function tooLarge(limit: number): ProfileError {
  return limitError(
    limit,
    `the profile needs more than ${megabytes(limit)}; raise the limit with -max_size if you trust it`,
  );
}

/** The error for a profile that needs more than `limit` bytes, the limit for a file of `inputBytes`. */
export function tooLargeForInput(limit: number, inputBytes: number): ProfileError {
  return limitError(
    limit,
    `the profile needs more than ${megabytes(limit)}, too much for an input of ` +
      `${Math.ceil(inputBytes / 1024)} kB; read it with -max_size=4gb if you trust it`,
  );
}

function limitError(limit: number, message: string): ProfileError {
  const error = new ProfileError(message);
  error.exceededLimit = limit;
  return error;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
