import { UserError } from "../errors/user-error.js";
/** An error in the input. The message is one line for the user and says where the error is. */
export class ProfileError extends UserError {
  override name = "ProfileError";
  /** The limit in bytes, if the input exceeded one. */
  exceededLimit?: number;
}

/** Returns the error for a profile that needs more than `limit` bytes. */
export function tooLarge(limit: number): ProfileError {
  return limitError(
    limit,
    `the profile needs more than ${megabytes(limit)}; raise the limit with -max_size if you trust it`,
  );
}

/** Returns the error for an input of `inputBytes` that needs more than the `limit` for its size. */
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
