import type { FlameFunction } from "../../report/flame-functions.js";

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
