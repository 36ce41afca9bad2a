// A folder that is made anew beside its old self, and takes its place when it is whole:
// whoever reads it meanwhile finds the old one, and never half of a new one.
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

/**
 * Starts a new `folder`: `folder` of the result is an empty one to fill, and `place` puts it
 * where the old one was. What is not placed is removed when the process ends; what processes
 * left that were killed is removed now. Several processes may do this at once: all of them end
 * well, and the last to place its folder wins.
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
  // The default is to end without any of that.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  return { folder: made, place: () => swap(folder, made, old) };
}

/** A folder cannot be renamed over one that is not empty, so that the old one goes first. */
function swap(folder, made, old) {
  for (;;) {
    rmSync(old, { recursive: true, force: true });
    attempt(() => renameSync(folder, old), ["ENOENT"]);
    // Another process may have placed its own in between.
    if (attempt(() => renameSync(made, folder), ["ENOTEMPTY", "EEXIST", "EPERM"])) break;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Whether it went well; throws what goes wrong in other ways than those that are expected. */
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
    // Another user's may not be asked, but runs.
    return error.code === "EPERM";
  }
}
