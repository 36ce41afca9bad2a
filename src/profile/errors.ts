/**
 * Something is wrong with the input, not with the program: the message is one line
 * for the person who gave it, and says where the fault is.
 */
export class ProfileError extends Error {
  override name = "ProfileError";
}
