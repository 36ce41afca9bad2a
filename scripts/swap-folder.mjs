// Builds a folder beside the existing one, and replaces that when the new one is complete. Programs
// that use the folder meanwhile see the old content, and never a part of the new one.
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

/**
 * Starts a new version of `folder`. The result has an empty `folder` to fill, and `place` to
 * replace the existing one. A new folder that is not placed is removed when the process ends; those
 * of killed processes are removed now. Several processes may do this at the same time; the last one
 * wins.
 */
export function newFolder(folder) {
  removeLeftovers(folder);
  const made = `${folder}.new-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made);
  process.on("exit", () => {
    for (const left of [made, old]) rmSync(left, { recursive: true, force: true });
  });
  // By default, these signals would end the process without cleaning up.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  return { folder: made, place: () => swap(folder, made, old) };
}

/** A folder cannot be renamed over one that is not empty, so the old one is moved away first. */
function swap(folder, made, old) {
  for (;;) {
    rmSync(old, { recursive: true, force: true });
    attempt(() => renameSync(folder, old), ["ENOENT"]);
    // Another process may have placed its folder in between.
    if (attempt(() => renameSync(made, folder), ["ENOTEMPTY", "EEXIST", "EPERM"])) break;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Returns whether `action` succeeded. Rethrows errors whose code is not `expected`. */
function attempt(action, expected) {
  try {
    action();
    return true;
  } catch (error) {
    if (!expected.includes(error.code)) throw error;
    return false;
  }
}

function removeLeftovers(folder) {
  const parent = path.dirname(folder);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${path.basename(folder)}.`)) continue;
    const [, pid] = /\.(?:new|old)-([0-9]+)$/.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process runs, but belongs to another user.
    return error.code === "EPERM";
  }
}
