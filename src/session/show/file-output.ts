import { closeSync, openSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { usageError } from "../../errors/user-error.js";
import { about, replaceableTarget, StagedFile } from "../../platform/staged-file.js";
import { type Pieces, toBytes } from "./output.js";

/**
 * Writes a file. An existing file is replaced once all of the new content is there, so that it
 * stays as it was if anything goes wrong. Devices and pipes are written to as they are. Throws
 * the system's error, with the path of the file.
 */
export async function writeFileOutput(name: string, pieces: Pieces): Promise<void> {
  checkFileName(name);
  if (isStream(name)) {
    const descriptor = about(name, () => openSync(name, "w"));
    try {
      for await (const piece of pieces) {
        about(name, () => writeFileSync(descriptor, toBytes(piece)));
      }
    } finally {
      closeSync(descriptor);
    }
    return;
  }
  const { target, before } = replaceableTarget(name);
  const staged = new StagedFile(target, before);
  await fill(staged, pieces);
  about(name, () => staged.replaceTarget());
}

/** Throws an Error of one line for a name that only a folder can have. */
export function checkFileName(name: string): void {
  if (/[\\/]$/.test(name)) throw usageError(`${name}: -output wants the name of a file`);
}

/** How the names of new files are numbered: `stem`, three digits, `ending`. */
export interface NumberedName {
  readonly stem: string;
  readonly ending: string;
  /** Undefined for the working directory. */
  readonly folder?: string;
  /** Permissions, before the umask takes some away. */
  readonly mode?: number;
}

/**
 * Writes a new file under the first name of `profile001.svg`, `profile002.svg` and so on that is
 * free, and returns its path. Files that exist are neither replaced nor followed if they are
 * links, also if other programs make files at the same time. Throws the system's error.
 */
export async function writeNumberedFile(
  { stem, ending, folder = "", mode }: NumberedName,
  pieces: Pieces,
): Promise<string> {
  const nameOf = (number: number) =>
    path.join(folder, `${stem}${String(number).padStart(3, "0")}${ending}`);
  const staged = new StagedFile(nameOf(1), undefined, mode);
  await fill(staged, pieces);
  for (let number = 1; ; number++) {
    if (staged.takeFreeName(nameOf(number))) return nameOf(number);
  }
}

/** Whether a name is a device, a pipe or an open file, which cannot be replaced. */
function isStream(name: string): boolean {
  if (/^\/(?:dev|proc)\//.test(path.resolve(name))) return true;
  const stats = about(name, () => statSync(name, { throwIfNoEntry: false }));
  return stats !== undefined && !stats.isFile();
}

/** Writes all pieces; the staged file is discarded where one cannot be made or written. */
async function fill(staged: StagedFile, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) staged.write(toBytes(piece));
  } catch (error) {
    staged.discard();
    throw error;
  }
}
