const ANONYMOUS = "(anonymous)";

const SLASHES = ["/", "\\"];

/**
 * What a function of a script that has no name is called: `(anonymous) server.js:12:5`, by the
 * last part of its file (all of it for Node's own, as `node:internal/util`), and the line and
 * column where it begins. They count from 1, and are left out where they are 0, as they are for
 * the code of a module itself; so is the file where it is empty.
 */
export function anonymousName(file: string, line: number | bigint, column: number): string {
  const slash = file.startsWith("node:")
    ? -1
    : Math.max(...SLASHES.map((c) => file.lastIndexOf(c)));
  const base = file.slice(slash + 1) || file;
  if (base === "") return ANONYMOUS;
  const place = [base, line, column];
  const known = place.findIndex((part) => !part);
  return `${ANONYMOUS} ${place.slice(0, known < 0 ? place.length : known).join(":")}`;
}

/** Whether a function is called what it is for lack of a name. */
export function isAnonymous(
  name: string,
  file: string,
  line: number | bigint,
  column: number,
): boolean {
  return name === ANONYMOUS || name === anonymousName(file, line, column);
}

const FILE_URL = /^file:\/\/(?=\/[^/])/;
const DRIVE = /^\/(?=[A-Za-z]:\/)/;

/**
 * The file of a script, by V8's URL for it: a path where it is one of this machine, and the
 * URL itself for what comes from elsewhere, such as `node:fs`.
 */
export function scriptFile(url: string): string {
  if (!FILE_URL.test(url)) return url;
  try {
    return decodeURIComponent(url.replace(FILE_URL, "")).replace(DRIVE, "");
  } catch {
    return url;
  }
}
