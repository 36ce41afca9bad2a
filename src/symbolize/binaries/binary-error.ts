import { UserError } from "../../errors/user-error.js";
/** A binary, or a program that reads it, is at fault. The message is one line for the user. */
export class BinaryError extends UserError {
  override name = "BinaryError";
}
