import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { slashPath } from "../profile/script-paths.js";

/** Only files with these extensions are scripts of a package. */
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte)$/i;

/** A path that begins with a slash, but not with the two of a file on another computer. */
const LOCAL_PATH = process.platform === "win32" ? /^[a-z]:\//i : /^\/(?!\/)/;

const MAX_MANIFEST_BYTES = 2 ** 20;

/** npm allows no longer names. */
const MAX_NAME_LENGTH = 214;

/** The maximum number of folders in which a package.json is looked for. */
const MAX_FOLDERS = 10_000;

/**
 * Finds the packages of the user's own scripts in a profile. Returns the names in the nearest
 * package.json with a name, by its folder, with slashes between the parts. Looks only into the
 * folders of local scripts outside `node_modules`, and into their parents; skips folders that do not
 * exist and files that are not valid.
 */
export async function workspacePackages(profile: Profile): Promise<Map<string, string>> {
  const { functions, strings } = profile;
  const filenames = new Set<StringIndex>();
  for (let fn = 0; fn < functions.length; fn++) filenames.add(functions.filename[fn]);
  const folders = new Set<string>();
  for (const filename of filenames) {
    const file = slashPath(strings.get(filename));
    if (!SCRIPT.test(file) || !LOCAL_PATH.test(file) || file.includes("/node_modules/")) continue;
    folders.add(path.posix.dirname(path.posix.normalize(file)));
  }
  return new NameSearch().search(folders);
}

class NameSearch {
  /** By folder: the name in its package.json, or undefined. */
  readonly #names = new Map<string, string | undefined>();

  async search(folders: Iterable<string>): Promise<Map<string, string>> {
    for (const folder of folders) {
      if (this.#names.size >= MAX_FOLDERS) break;
      if (await isFolder(folder)) await this.#searchUpwards(folder);
      else this.#names.set(folder, undefined);
    }
    const found = new Map<string, string>();
    for (const [folder, name] of this.#names) if (name !== undefined) found.set(folder, name);
    return found;
  }

  async #searchUpwards(start: string): Promise<void> {
    let folder = start;
    // All folders above a known one are known, up to the nearest name.
    while (!this.#names.has(folder) && this.#names.size < MAX_FOLDERS) {
      const name = await nameIn(folder);
      this.#names.set(folder, name);
      if (name !== undefined) return;
      folder = path.posix.dirname(folder);
    }
  }
}

async function isFolder(name: string): Promise<boolean> {
  try {
    return (await stat(name)).isDirectory();
  } catch {
    return false;
  }
}

/** Returns the name in the package.json of a folder, or undefined. */
async function nameIn(folder: string): Promise<string | undefined> {
  try {
    const text = await readManifest(path.posix.join(folder, "package.json"));
    const manifest: unknown =
      text === undefined ? undefined : JSON.parse(text.replace(/^\uFEFF/, ""));
    const { name } = (manifest ?? {}) as { name?: unknown };
    const isName = typeof name === "string" && name !== "" && name.length <= MAX_NAME_LENGTH;
    return isName ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a file. Returns undefined if it is too large or is not a regular file. */
async function readManifest(name: string): Promise<string | undefined> {
  // Opening a named pipe must not wait for its writer.
  const file = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MAX_MANIFEST_BYTES) return undefined;
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
