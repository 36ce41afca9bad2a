/**
 * Something is wrong with the input, not with the program: the message is one line
 * for the person who gave it, and says where the fault is.
 */
export class ProfileError extends Error {
  override name = "ProfileError";
}

/** The error for a profile of more than `limit` bytes. */
export function tooLarge(limit: number): ProfileError {
  const megabytes = Math.round(limit / 2 ** 20);
  return new ProfileError(
    `the profile needs more than ${megabytes} MB; raise the limit with -max_size if you trust it`,
  );
}
