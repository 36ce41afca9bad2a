import { describeError } from "../session/errors.js";

/** What is said of an error: as on the command line, but that options have no dash here. */
export function inShellWords(error: unknown): string {
  return describeError(error).replace(/^-(?=[a-z_]+[:= ])/, "");
}
