import { randomBytes } from "node:crypto";
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeOnExit } from "../cleanup.js";
import { linkTarget } from "./link-target.js";

/** The permissions of a new file, before the umask applies. */
const DEFAULT_MODE = 0o666;

/**
 * The new content of a file, collected in a temporary file beside it. If a full disk, a signal or
 * an error stops the work, the old file stays and the temporary file is removed. All methods throw
 * the system's error with the path of the target.
 */
export class StagedFile {
  readonly #target: string;
  /** The target's status at the start; undefined if it did not exist. */
  readonly #before: Stats | undefined;
  readonly #temporary: string;
  readonly #descriptor: number;
  readonly #release: () => void;
  #isOpen = true;

  /**
   * Creates the temporary file in the folder of `target`; in the system's folder for temporary
   * files if the target exists (`before` is given) but its folder is not writable.
   */
  constructor(target: string, before: Stats | undefined, mode = DEFAULT_MODE) {
    this.#target = target;
    this.#before = before;
    const staged = about(target, () => openBeside(target, before !== undefined, mode));
    this.#temporary = staged.path;
    this.#descriptor = staged.descriptor;
    this.#release = staged.release;
  }

  write(bytes: Uint8Array): void {
    this.#orDiscard(() => writeFileSync(this.#descriptor, bytes));
  }

  /** Replaces the target, and keeps its permissions and owner. */
  replaceTarget(): void {
    this.#orDiscard(() => {
      const before = this.#before;
      if (before) {
        fchmodSync(this.#descriptor, before.mode & 0o777);
        keepOwner(this.#temporary, before);
      }
      this.#close();
      try {
        renameSync(this.#temporary, this.#target);
      } catch (error) {
        if (!before || !NOT_REPLACEABLE.has(codeOf(error))) throw error;
        overwriteInPlace(this.#target, readFileSync(this.#temporary));
      }
    });
    this.discard();
  }

  /** Moves the content to `name`; returns false if a file or link has that name. */
  takeFreeName(name: string): boolean {
    let isTaken = false;
    this.#orDiscard(() => {
      this.#close();
      isTaken = !linkExclusively(this.#temporary, name);
    });
    if (isTaken) return false;
    this.discard();
    return true;
  }

  discard(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
    this.#release();
  }

  /** Waits until the content is on the disk, so that it survives a power cut. */
  sync(): void {
    this.#orDiscard(() => fsyncSync(this.#descriptor));
  }

  #close(): void {
    if (!this.#isOpen) return;
    // A failed close must not be repeated.
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }

  #orDiscard(work: () => void): void {
    about(this.#target, () => {
      try {
        work();
      } catch (error) {
        this.discard();
        throw error;
      }
    });
  }
}

/**
 * Replaces the content of a file, or creates it with `mode`. Other programs see either the old or
 * the new content, even after a crash. Follows links. Throws the system's error.
 */
export function replaceFile(name: string, content: string, mode: number): void {
  const { target, before } = replaceableTarget(name);
  const staged = new StagedFile(target, before, mode);
  staged.write(Buffer.from(content));
  staged.sync();
  staged.replaceTarget();
}

interface ReplaceableTarget {
  /** The path after following links. */
  readonly target: string;
  /** Undefined if the file does not exist. */
  readonly before: Stats | undefined;
}

/** Looks up a file to replace. Throws the system's error if the file exists but is not writable. */
export function replaceableTarget(name: string): ReplaceableTarget {
  return about(name, () => {
    const target = linkTarget(name);
    const before = statSync(target, { throwIfNoEntry: false });
    // Renaming needs only a writable folder, but a write-protected file must be kept.
    if (before) accessSync(target, constants.W_OK);
    return { target, before };
  });
}

/**
 * Overwrites a file that cannot be replaced. Restores the old content if the disk fills up. Only
 * SIGKILL or a power cut can leave the file damaged.
 */
function overwriteInPlace(file: string, content: Uint8Array): void {
  const before = readFileSync(file);
  const descriptor = openSync(file, "r+");
  try {
    writeAt(descriptor, content);
  } catch (error) {
    // There is room for the old content, as the file has not been truncated yet.
    writeAt(descriptor, before);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function writeAt(descriptor: number, content: Uint8Array): void {
  let done = 0;
  while (done < content.length) {
    done += writeSync(descriptor, content, done, content.length - done, done);
  }
  ftruncateSync(descriptor, content.length);
  fsyncSync(descriptor);
}

/**
 * The errors if a writable file cannot be replaced: its folder is not writable, or is sticky and
 * the file belongs to another user, or the file is a mount point, as in containers.
 */
const NOT_REPLACEABLE = new Set(["EACCES", "EPERM", "EROFS", "EBUSY", "EXDEV"]);

interface TemporaryFile {
  readonly path: string;
  readonly descriptor: number;
  /** Cancels the removal at exit. */
  release(): void;
}

function openBeside(target: string, exists: boolean, mode: number): TemporaryFile {
  // The name does not contain the target's, which may have the maximal length already.
  const name = `.tsprof-${randomBytes(6).toString("hex")}.tmp`;
  try {
    return openNew(path.join(path.dirname(target), name), mode);
  } catch (error) {
    if (!exists || !NOT_REPLACEABLE.has(codeOf(error))) throw error;
    return openNew(path.join(os.tmpdir(), name), 0o600);
  }
}

function openNew(file: string, mode: number): TemporaryFile {
  // Register first: a signal may arrive as soon as the file exists.
  const release = removeOnExit(file);
  try {
    return { path: file, descriptor: openSync(file, "wx", mode), release };
  } catch (error) {
    release();
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}

/** Sets the owner of a file. Only root can; for other users, this does nothing. */
function keepOwner(file: string, { uid, gid }: Stats): void {
  const now = statSync(file);
  if (now.uid === uid && now.gid === gid) return;
  try {
    chownSync(file, uid, gid);
  } catch {
    // The content matters more than the owner.
  }
}

/** The errors of file systems without hard links. */
const NO_HARD_LINKS = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

/** Returns false if the name is taken. */
function linkExclusively(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!NO_HARD_LINKS.has(codeOf(error))) throw error;
  }
  try {
    copyFileSync(file, name, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    rmSync(name, { force: true });
    throw error;
  }
}

/** Runs `work`, and sets the path in its system errors to `file`, which the user knows. */
export function about<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && "code" in error) Object.assign(error, { path: file });
    throw error;
  }
}
