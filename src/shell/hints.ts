import { isVariable, readAssignment } from "./variables.js";

/** Returns hints about misleading words: `top -lines` ignores functions that match `lines`. */
export function hintsFor(line: string): string[] {
  if (readAssignment(line)) return [];
  const [, ...words] = line.trim().split(/\s+/);
  return words.flatMap((word) => {
    const [, name = "", value] = /^--?([a-z_]+)(=.*)?$/.exec(word) ?? [];
    if (!isVariable(name) || name === "cum") return [];
    return `${word} ignores functions that match ${word.slice(1)}; to set the option, type: ${name}${value ?? ""}`;
  });
}
