import { readlinkSync, realpathSync } from "node:fs";
import path from "node:path";

/** As many links as Linux follows. */
const MOST_LINKS = 40;

/** The file that a name leads to, which need not be there yet. */
export function linkTarget(name: string): string {
  let file = path.resolve(name);
  for (let links = 0; links < MOST_LINKS; links++) {
    try {
      return realpathSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const target = linkText(file);
    if (target === undefined) return file;
    file = path.resolve(realpathSync(path.dirname(file)), target);
  }
  return file;
}

/** Undefined where there is no link of that name. */
function linkText(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
