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
import { removeOnEnd } from "./leftovers.js";
import { linkTarget } from "./link-target.js";

/** Permissions of a new file, before the umask takes some away. */
const DEFAULT_MODE = 0o666;

/**
 * The new content of a file, kept beside it under a temporary name until all of it is there. A
 * full disk, a signal or a late error then leaves the old file as it was, and no temporary file.
 * All methods throw the system's error, with the path of the file that was meant.
 */
export class StagedFile {
  readonly #target: string;
  /** What is at the target now; undefined where there is nothing. */
  readonly #before: Stats | undefined;
  readonly #temporary: string;
  readonly #descriptor: number;
  readonly #release: () => void;
  #isOpen = true;

  /**
   * Makes the temporary file in the folder of `target`. Where `before` says that the target
   * exists, but nothing else can be made in its folder, the system's folder for temporary files
   * is used.
   */
  constructor(target: string, before: Stats | undefined, mode = DEFAULT_MODE) {
    this.#target = target;
    this.#before = before;
    const staged = about(target, () => openBeside(target, before !== undefined, mode));
    this.#temporary = staged.path;
    this.#descriptor = staged.descriptor;
    this.#release = staged.release;
  }

  /** Adds bytes at the end. */
  write(bytes: Uint8Array): void {
    this.#orDiscard(() => writeFileSync(this.#descriptor, bytes));
  }

  /** Puts the content in the place of the target, whose permissions and owner stay. */
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

  /**
   * Gives the content a name that is free, links included. Returns false where `name` is taken;
   * another name may be tried then.
   */
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

  /** Removes the temporary file. */
  discard(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
    this.#release();
  }

  /** Waits until the disk has the content, so that it survives a power cut. */
  sync(): void {
    this.#orDiscard(() => fsyncSync(this.#descriptor));
  }

  #close(): void {
    if (!this.#isOpen) return;
    // Closing may fail, and must not be tried twice.
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
 * Replaces the content of a file, or makes it with `mode`. Others see the old content or the
 * new one, also if the machine stops halfway. Links are followed. Throws the system's error.
 */
export function replaceFile(name: string, content: string, mode: number): void {
  const { target, before } = replaceableTarget(name);
  const staged = new StagedFile(target, before, mode);
  staged.write(Buffer.from(content));
  staged.sync();
  staged.replaceTarget();
}

/** A file that is about to be replaced. */
interface ReplaceableTarget {
  /** The file that links lead to. */
  readonly target: string;
  /** Undefined where there is no such file yet. */
  readonly before: Stats | undefined;
}

/** Throws the system's error where there is a file that may not be written. */
export function replaceableTarget(name: string): ReplaceableTarget {
  return about(name, () => {
    const target = linkTarget(name);
    const before = statSync(target, { throwIfNoEntry: false });
    // Renaming needs only the folder, but a write-protected file is meant to stay.
    if (before) accessSync(target, constants.W_OK);
    return { target, before };
  });
}

/**
 * Overwrites a file that cannot be replaced. The old content comes back if the disk fills up;
 * only SIGKILL or a power cut in the middle can spoil the file.
 */
function overwriteInPlace(file: string, content: Uint8Array): void {
  const before = readFileSync(file);
  const descriptor = openSync(file, "r+");
  try {
    writeAt(descriptor, content);
  } catch (error) {
    // The disk still has room for this: the file has not been cut yet.
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
 * Why a file that may be written cannot be replaced: its folder is not writable, is sticky and
 * the file belongs to another user, or the file is a mount of its own, as in containers.
 */
const NOT_REPLACEABLE = new Set(["EACCES", "EPERM", "EROFS", "EBUSY", "EXDEV"]);

interface TemporaryFile {
  readonly path: string;
  readonly descriptor: number;
  /** Ends the removal that {@link removeOnEnd} has begun. */
  release(): void;
}

function openBeside(target: string, exists: boolean, mode: number): TemporaryFile {
  // The name is short, as that of the target may be as long as names can be.
  const name = `.tsprof-${randomBytes(6).toString("hex")}.tmp`;
  try {
    return openNew(path.join(path.dirname(target), name), mode);
  } catch (error) {
    if (!exists || !NOT_REPLACEABLE.has(codeOf(error))) throw error;
    return openNew(path.join(os.tmpdir(), name), 0o600);
  }
}

function openNew(file: string, mode: number): TemporaryFile {
  // Before there is a file: a signal may come at any time.
  const release = removeOnEnd(file);
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

/** Only root can give files away. For others the new file is theirs, as if they had made it. */
function keepOwner(file: string, { uid, gid }: Stats): void {
  const now = statSync(file);
  if (now.uid === uid && now.gid === gid) return;
  try {
    chownSync(file, uid, gid);
  } catch {
    // The content matters more than the owner.
  }
}

const NO_HARD_LINKS = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

/** Returns false where the name is taken. */
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

/** Runs `work`; system errors name the file that the user knows, not the temporary one or none. */
export function about<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && "code" in error) Object.assign(error, { path: file });
    throw error;
  }
}
