import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isRunning, parseIdentity, thisProcess } from "../platform/process-identity.js";

const PREFIX = "tsprof-record-";

/** Says which process a folder belongs to. Folders without it are left alone. */
const OWNER_FILE = "recorder.json";

/** A temporary folder that recorded processes write their profiles to. */
export class RecordingFolder {
  readonly path: string;
  #isKept = false;

  private constructor(folder: string) {
    this.path = folder;
  }

  /**
   * Makes a folder that only this user can read, and removes those of recorders that were killed
   * before they could do so.
   */
  static make(): RecordingFolder {
    const parent = os.tmpdir();
    removeAbandoned(parent);
    const folder = mkdtempSync(path.join(parent, PREFIX));
    writeFileSync(path.join(folder, OWNER_FILE), JSON.stringify(thisProcess()));
    return new RecordingFolder(folder);
  }

  /** Leaves the folder to the user, for as long as they want it. */
  keep(): void {
    this.#isKept = true;
    rmSync(path.join(this.path, OWNER_FILE), { force: true });
  }

  /** Removes the folder, unless it is to be kept. */
  end(): void {
    if (!this.#isKept) rmSync(this.path, { recursive: true, force: true });
  }
}

function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      const folder = path.join(parent, name);
      const owner = parseIdentity(readFileSync(path.join(folder, OWNER_FILE), "utf8"));
      if (owner && !isRunning(owner)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // The folder is another user's, or is just being made or removed.
    }
  }
}
