import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isRunning, parseIdentity, thisProcess } from "../platform/programs/process-identity.js";
import { attempt } from "./whole-file.js";

/** The beginning of the names of folders that `record` creates. */
const PREFIX = "tsprof-record-";

/** Identifies the process that owns a folder. Folders without this file have no owner. */
const OWNER_FILE = "recorder.json";

/** The temporary folder into which recorded processes write their profiles. */
export class RecordingFolder {
  readonly path: string;
  #isKept = false;

  private constructor(folder: string) {
    this.path = folder;
  }

  /** Creates a private folder, and removes the folders of recorders that were killed. */
  static make(): RecordingFolder {
    for (const folder of abandonedFolders(PREFIX)) {
      attempt(() => rmSync(folder, { recursive: true, force: true }));
    }
    return RecordingFolder.create(PREFIX);
  }

  /** Creates a private folder whose name begins with `prefix`. */
  static create(prefix: string): RecordingFolder {
    const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
    own(folder);
    return new RecordingFolder(folder);
  }

  keep(): void {
    this.#isKept = true;
    rmSync(path.join(this.path, OWNER_FILE), { force: true });
  }

  /** Removes the folder, unless {@link keep} was called. */
  end(): void {
    if (!this.#isKept) rmSync(this.path, { recursive: true, force: true });
  }
}

/** Makes this process the owner of a folder. */
export function own(folder: string): void {
  writeFileSync(path.join(folder, OWNER_FILE), JSON.stringify(thisProcess()));
}

/** Lists the temporary folders of this user whose owners do not run any more. */
export function abandonedFolders(prefix: string, parent = os.tmpdir()): string[] {
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .map((name) => path.join(parent, name))
    .filter((folder) => {
      try {
        const { uid } = lstatSync(folder);
        if (process.getuid && uid !== process.getuid()) return false;
        const owner = parseIdentity(readFileSync(path.join(folder, OWNER_FILE), "utf8"));
        return owner !== undefined && !isRunning(owner);
      } catch {
        // The folder is being created or removed.
        return false;
      }
    });
}
