/** Something is wrong with a binary, or with a program that reads it: one line, for the user. */
export class BinaryError extends Error {
  override name = "BinaryError";
}
