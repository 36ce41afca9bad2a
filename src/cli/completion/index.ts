import { usageError } from "../../errors/user-error.js";
import { bashScript } from "./bash.js";
import { fishScript } from "./fish.js";
import { type CompletionModel, completionModel } from "./model.js";
import { zshScript } from "./zsh.js";

/** How the script of each shell is made of what can be completed. */
export const SCRIPTS: Record<string, (model: CompletionModel) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/**
 * The completion script for a shell, given what stands behind `tsprof completion`.
 * Throws a {@link UserError} for anything but the name of one shell.
 */
export function completionScript(operands: readonly string[]): string {
  const names = Object.keys(SCRIPTS);
  const [shell, ...rest] = operands;
  if (shell === undefined) {
    throw usageError("completion for which shell? Try: tsprof completion bash (or zsh, fish)");
  }
  if (rest.length > 0) throw usageError("completion takes one shell");
  if (!Object.hasOwn(SCRIPTS, shell)) {
    throw usageError(`no completion for ${JSON.stringify(shell)}; there is ${names.join(", ")}`);
  }
  return SCRIPTS[shell](completionModel(names.map((name) => ({ name, summary: "" }))));
}
