import type { FlameFunction } from "../../report/flame-functions.js";
import { shortName } from "./short-name.js";

/**
 * Returns the package of a function, or else its file without folders, as a note behind its name;
 * empty if the name contains it or nothing is known.
 */
export function boxNote({ name, group, file }: FlameFunction): string {
  const isNamed = group !== "" && !group.startsWith("(");
  if (isNamed) return name.includes(group) ? "" : group;
  const base = file.slice(file.lastIndexOf("/") + 1);
  return name.includes(base) ? "" : base;
}

/**
 * Returns the text of a box with room for `letters`: the name, shortened if necessary, or the name
 * with its note and figures as far as all of them fit.
 */
export function boxText(fn: FlameFunction, figures: () => string, letters: number): string {
  const name = shortName(fn.name, letters);
  if (name !== fn.name) return name;
  let text = name;
  for (const part of [() => boxNote(fn), figures]) {
    // The shortest part has two blanks and two letters.
    if (text.length + 4 > letters) break;
    const longer = part() === "" ? text : `${text}  ${part()}`;
    if (longer.length <= letters) text = longer;
  }
  return text;
}
