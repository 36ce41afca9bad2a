import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isRunning, parseIdentity, thisProcess } from "../platform/programs/process-identity.js";

const PREFIX = "tsprof-record-";

/** Identifies the process that owns a folder. Folders without this file are never removed. */
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
    const parent = os.tmpdir();
    removeAbandoned(parent);
    const folder = mkdtempSync(path.join(parent, PREFIX));
    writeFileSync(path.join(folder, OWNER_FILE), JSON.stringify(thisProcess()));
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

function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      const folder = path.join(parent, name);
      const owner = parseIdentity(readFileSync(path.join(folder, OWNER_FILE), "utf8"));
      if (owner && !isRunning(owner)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // The folder belongs to another user, or is being created or removed.
    }
  }
}
