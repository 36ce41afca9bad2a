/**
 * Something is wrong with the input, not with the program: the message is one line
 * for the person who gave it, and says where the fault is.
 */
export class ProfileError extends Error {
  override name = "ProfileError";
  /** The limit in bytes, where the input needs more than that. */
  exceededLimit?: number;
}

/** The error for a profile of more than `limit` bytes. */
export function tooLarge(limit: number): ProfileError {
  return limitError(
    limit,
    `the profile needs more than ${megabytes(limit)}; raise the limit with -max_size if you trust it`,
  );
}

/** The error for an input of `inputBytes` that makes more than the `limit` for its size. */
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
