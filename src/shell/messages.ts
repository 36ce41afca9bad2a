import { isVariable } from "./variables.js";

/** Removes the dash before an option in a message: variables of the shell have none. */
export function inShellWords(message: string): string {
  const [, name = ""] = /^-([a-z_]+)(?=[:= ])/.exec(message) ?? [];
  return isVariable(name) ? message.slice(1) : message;
}
