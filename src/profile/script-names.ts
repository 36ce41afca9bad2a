export const ANONYMOUS = "(anonymous)";

const SLASHES = ["/", "\\"];

/**
 * Returns the name of a function without a name: `(anonymous) server.js:12:5`, with the base name
 * of its file (Node's own in full) and the position where it begins, counted from 1. Leaves out an
 * empty file and a 0, as for the code of a module itself.
 */
export function anonymousName(file: string, line: number | bigint, column: number): string {
  const slash = file.startsWith("node:")
    ? -1
    : Math.max(...SLASHES.map((c) => file.lastIndexOf(c)));
  const base = file.slice(slash + 1) || file;
  if (base === "") return ANONYMOUS;
  const position = [base, line, column];
  const known = position.findIndex((part) => !part);
  return `${ANONYMOUS} ${position.slice(0, known < 0 ? position.length : known).join(":")}`;
}

/** Tests whether a name is the one that {@link anonymousName} gives the function. */
export function isAnonymous(
  name: string,
  file: string,
  line: number | bigint,
  column: number,
): boolean {
  return name === ANONYMOUS || name === anonymousName(file, line, column);
}

/**
 * Returns the position in a name of {@link anonymousName}, such as `:12:5`; undefined if the function
 * has a name of its own.
 */
export function anonymousPosition(name: string, file: string): string | undefined {
  if (name === ANONYMOUS) return "";
  const named = anonymousName(file, 0, 0);
  const position = name.startsWith(named) ? name.slice(named.length) : undefined;
  return position !== undefined && /^(?::\d+){0,2}$/.test(position) ? position : undefined;
}

const FILE_URL = /^file:\/\/(?=\/[^/])/;
const DRIVE = /^\/(?=[A-Za-z]:\/)/;

/** The part of a URL after the path: Node runs a module again if it has another one (`?v=2`). */
const AFTER_PATH = /[?#].*$/s;

/** Returns the file of a script from V8's URL: a path if it is local, else the URL (`node:fs`). */
export function scriptFile(url: string): string {
  if (!FILE_URL.test(url)) return url;
  try {
    const path = url.replace(FILE_URL, "").replace(AFTER_PATH, "");
    return decodeURIComponent(path).replace(DRIVE, "");
  } catch {
    return url;
  }
}
