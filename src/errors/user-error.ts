/** Why a {@link UserError} was thrown. Exit codes and HTTP statuses follow from it. */
export type UserErrorCode =
  /** The request is wrong: an option, its value, or a combination of options. */
  | "usage"
  /** The request is right but fails: a file is damaged, or a server does not answer. */
  | "failed"
  /** The request needs more than tsprof allows. */
  | "limit"
  /** The user pressed Ctrl-C. */
  | "interrupted";

/**
 * An error that the user can do something about. Its message is one line for the user. Any other
 * error is a fault of tsprof, unless the operating system reports it.
 */
export class UserError extends Error {
  override name = "UserError";
  readonly code: UserErrorCode;

  constructor(
    message: string,
    { code = "failed", ...options }: ErrorOptions & { readonly code?: UserErrorCode } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}

export function usageError(message: string): UserError {
  return new UserError(message, { code: "usage" });
}

/** Returns the error for work that the user stopped with Ctrl-C. */
export function interruption(): UserError {
  return new UserError("interrupted", { code: "interrupted" });
}

/** Returns the code of a {@link UserError}, and undefined for any other error. */
export function userErrorCode(error: unknown): UserErrorCode | undefined {
  return isUserError(error) ? error.code : undefined;
}

export function isUserError(error: unknown): error is UserError {
  return error instanceof UserError;
}
