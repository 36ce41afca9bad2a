import { readlinkSync, realpathSync } from "node:fs";
import path from "node:path";

/** The number of links that Linux follows. */
const MAX_LINKS = 40;

/** Returns the path that a name leads to through links. The file need not exist. */
export function linkTarget(name: string): string {
  let file = path.resolve(name);
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      return realpathSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const target = readLink(file);
    if (target === undefined) return file;
    file = path.resolve(realpathSync(path.dirname(file)), target);
  }
  return file;
}

/** Returns the text of a link, or undefined if the file is not a link. */
function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
