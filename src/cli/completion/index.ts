import { usageError } from "../../errors/user-error.js";
import { bashScript } from "./bash.js";
import { fishScript } from "./fish.js";
import { type CompletionModel, completionModel } from "./model.js";
import { zshScript } from "./zsh.js";

export const SCRIPTS: Record<string, (model: CompletionModel) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/**
 * Returns the script for a shell. Throws a {@link UserError} unless the only operand is a known
 * shell.
 */
export function completionScript(operands: readonly string[]): string {
  const names = Object.keys(SCRIPTS);
  const [shell, ...rest] = operands;
  if (shell === undefined) {
    throw usageError(
      "completion needs the name of a shell; try: tsprof completion bash (or zsh, fish)",
    );
  }
  if (rest.length > 0) throw usageError("completion takes the name of one shell");
  if (!Object.hasOwn(SCRIPTS, shell)) {
    throw usageError(`no completion for ${JSON.stringify(shell)}; use one of: ${names.join(", ")}`);
  }
  return SCRIPTS[shell](completionModel(names.map((name) => ({ name, summary: "" }))));
}
