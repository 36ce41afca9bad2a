import { isVariable } from "./variables.js";

/** A message of the command line as the shell has it: options have no dash here. */
export function inShellWords(message: string): string {
  const [, name = ""] = /^-([a-z_]+)(?=[:= ])/.exec(message) ?? [];
  return isVariable(name) ? message.slice(1) : message;
}
