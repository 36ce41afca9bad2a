/** Source paths in profiles come from other machines, and use slashes as Go does on Unix. */

/** Matches a path with an empty part, or with a part that begins with a dot. */
const UNCLEAN = /\/\/|\/\.|^\.|\/$/;

/** Returns the shortest equivalent path, without looking at files (Go's `filepath.Clean`). */
export function cleanPath(path: string): string {
  if (path === "") return ".";
  if (!UNCLEAN.test(path)) return path;
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (!rooted) parts.push(part);
  }
  return (rooted ? "/" : "") + parts.join("/") || ".";
}

/** Returns the last part of a path (Go's `filepath.Base`). */
export function basePath(path: string): string {
  if (path === "") return ".";
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return end === 0 ? "/" : path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

/** The folder of source files in Bazel's sandbox. */
const ALWAYS_TRIMMED = ["/proc/self/cwd/./", "/proc/self/cwd/"];

/**
 * Shortens the path of a source file. If `trimPath` (prefixes separated by colons) is set, removes
 * the first prefix that matches. Otherwise, if the path contains the last folder of an entry of
 * `sourcePath`, removes everything up to and including that folder. This finds sources that were
 * built elsewhere.
 */
export function trimSourcePath(path: string, trimPath: string, sourcePath: string): string {
  if (trimPath === "") {
    for (const directory of splitList(sourcePath)) {
      const folder = `/${basePath(directory)}/`;
      const found = path.indexOf(folder);
      if (found >= 0) return path.slice(found + folder.length);
    }
  }
  for (const prefix of [...splitList(trimPath), ...ALWAYS_TRIMMED]) {
    const folder = prefix.endsWith("/") ? prefix : `${prefix}/`;
    if (path.startsWith(folder)) return path.slice(folder.length);
  }
  return path;
}

function splitList(list: string): string[] {
  return list === "" ? [] : list.split(":");
}
