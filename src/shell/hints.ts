import { isVariable, readAssignment } from "./variables.js";

/**
 * What to tell about words that pprof's shell takes for something else than they look
 * like: `top -lines` leaves out what matches `lines`.
 */
export function hintsFor(line: string): string[] {
  if (readAssignment(line)) return [];
  const [, ...words] = line.trim().split(/\s+/);
  return words.flatMap((word) => {
    const [, name = "", value] = /^--?([a-z_]+)(=.*)?$/.exec(word) ?? [];
    if (!isVariable(name) || name === "cum") return [];
    return `${word} leaves out what matches ${word.slice(1)}; to set the option, type: ${name}${value ?? ""}`;
  });
}
