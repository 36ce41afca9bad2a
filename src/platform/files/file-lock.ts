import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { UserError } from "../../errors/user-error.js";
import { removeOnExit } from "../cleanup.js";
import { isRunning, parseIdentity, thisProcess } from "../programs/process-identity.js";

/** How long to wait for a lock that another program holds, in milliseconds. */
const LOCK_TIMEOUT_MS = 10_000;

/** The average time between two attempts to get a lock, in milliseconds. */
const LOCK_POLL_MS = 5;

/** Programs hold locks for less. A younger lock may belong to a program in another container. */
const MIN_ABANDONED_MS = 1_000;

/**
 * Calls `work` while it holds the lock of `file`, so that no other program changes the file
 * meanwhile. Takes over the lock, a file `NAME.lock`, if its owner has ended. Blocks the thread.
 * Throws an Error of one line if the lock stays taken, and the system's error if it cannot be made.
 */
export function withFileLock<T>(file: string, work: () => T): T {
  const lock = `${file}.lock`;
  acquire(lock);
  const release = removeOnExit(lock);
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
      removeAbandoned(lock);
    } else if (Date.now() > end) {
      throw new UserError(
        `another tsprof holds the lock ${lock}; remove this file if no other tsprof is running`,
      );
    } else {
      // A random factor keeps waiting programs from trying at the same moments.
      Atomics.wait(clock, 0, 0, LOCK_POLL_MS * (0.5 + Math.random()));
    }
  }
}

/** Returns false if the lock is held. */
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
    // Its owner has released it meanwhile.
    return false;
  }
}

/**
 * Removes an abandoned lock. Only one program can rename it, so only one can remove it. If another
 * program took the lock over in between, its lock is put back.
 */
function removeAbandoned(lock: string): void {
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
