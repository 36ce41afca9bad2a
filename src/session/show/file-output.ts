import { closeSync, openSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { usageError } from "../../errors/user-error.js";
import { about, replaceableTarget, StagedFile } from "../../platform/files/staged-file.js";
import { type Pieces, toBytes } from "./output.js";

/**
 * Writes a file. An existing file is replaced only when the new content is complete. Devices and
 * pipes are written directly. Throws the system's error, with the path of the file.
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

/** Throws a {@link UserError} for a name that ends with a slash, as only folders have. */
export function checkFileName(name: string): void {
  if (/[\\/]$/.test(name)) throw usageError(`${name}: -output must name a file, not a folder`);
}

/** The parts of a numbered file name: `stem`, three digits, `ending`. */
export interface NumberedName {
  readonly stem: string;
  readonly ending: string;
  /** The working directory by default. */
  readonly folder?: string;
  /** Permissions, before the umask applies. */
  readonly mode?: number;
}

/**
 * Writes a new file under the first free name, such as `profile001.svg`, and returns its path.
 * Never replaces a file and never follows a link. Throws the system's error.
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

/** Whether a name is a device, a pipe or an open file, which tsprof cannot replace. */
function isStream(name: string): boolean {
  if (/^\/(?:dev|proc)\//.test(path.resolve(name))) return true;
  const stats = about(name, () => statSync(name, { throwIfNoEntry: false }));
  return stats !== undefined && !stats.isFile();
}

/** Writes all pieces; discards the staged file if that fails. */
async function fill(staged: StagedFile, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) staged.write(toBytes(piece));
  } catch (error) {
    staged.discard();
    throw error;
  }
}
