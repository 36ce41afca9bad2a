import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { UserError } from "../errors/user-error.js";
import { removeOnEnd } from "./leftovers.js";
import { isRunning, parseIdentity, thisProcess } from "./process-identity.js";

/** How long another program may hold a lock before waiting for it ends, in milliseconds. */
const LOCK_TIMEOUT_MS = 10_000;

/** How often a lock that is held is looked at again, in milliseconds. */
const LOCK_POLL_MS = 5;

/**
 * A lock may count as abandoned after so many milliseconds. Locks are held for less, and the
 * owner may be a program in another container, which cannot be looked up.
 */
const MIN_ABANDONED_MS = 1_000;

/**
 * Does `work` while no other program does the same under the lock of `file`, so that changes made
 * by reading and writing it are not lost. The lock is the file `NAME.lock`. A lock whose owner no
 * longer runs is taken over. Blocks the thread; throws an Error of one line where another program
 * holds the lock for too long, and the system's error where it cannot be made.
 */
export function withFileLock<T>(file: string, work: () => T): T {
  const lock = `${file}.lock`;
  acquire(lock);
  const release = removeOnEnd(lock);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
    release();
  }
}

function acquire(lock: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const end = Date.now() + LOCK_TIMEOUT_MS;
  while (!create(lock)) {
    if (isAbandoned(lock)) {
      takeAway(lock);
    } else if (Date.now() > end) {
      throw new UserError(`${lock}: another program holds this lock; remove it if none runs`);
    } else {
      // Spread out, so that programs that wait do not all look at the same moment.
      Atomics.wait(clock, 0, 0, LOCK_POLL_MS * (0.5 + Math.random()));
    }
  }
}

/** Returns false where the lock is held. */
function create(lock: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(lock, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(descriptor, JSON.stringify(thisProcess()));
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function isAbandoned(lock: string): boolean {
  try {
    if (Date.now() - statSync(lock).mtimeMs < MIN_ABANDONED_MS) return false;
    const owner = parseIdentity(readFileSync(lock, "utf8"));
    return owner === undefined || !isRunning(owner);
  } catch {
    // It was released meanwhile.
    return false;
  }
}

/**
 * Removes an abandoned lock by renaming it, which only one program can do. If another program
 * took the lock over in between, its lock is put back.
 */
function takeAway(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (!isAbandoned(aside)) renameSync(aside, lock);
  } catch {
    // Another program was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}
