/**
 * File paths of profiles, which come from other machines: always with slashes, as Go's
 * `path/filepath` treats them on Unix.
 */

/** Some part is empty, or begins with a dot. */
const UNCLEAN = /\/\/|\/\.|^\.|\/$/;

/** The shortest equal path, by its letters alone (Go's `filepath.Clean`). */
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

/** The last part of a path (Go's `filepath.Base`). */
export function basePath(path: string): string {
  if (path === "") return ".";
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return end === 0 ? "/" : path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

/** Where Bazel's sandbox leaves sources. */
const ALWAYS_TRIMMED = ["/proc/self/cwd/./", "/proc/self/cwd/"];

/**
 * Shortens the path of a source file. With `trimPath` (prefixes between colons) the
 * first prefix that fits goes. Without it, a path that holds the last part of an entry
 * of `sourcePath` as a folder loses all up to and including that folder, for sources
 * that were built elsewhere and lie in the source path here.
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
