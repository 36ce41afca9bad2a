import { UserError } from "../errors/user-error.js";

/** An error in a binary, or of a program that reads binaries. */
export class BinaryError extends UserError {
  override name = "BinaryError";
}
