import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * How the name of a saved profile begins, as in pprof: `pprof.server.samples.cpu.`, of
 * the main binary (empty where it has no name) and the types of its samples. The words
 * are the profile's, so what could lead out of a folder, or be no name, becomes `_`.
 */
export function savedPrefix(mainBinary: string, sampleTypes: readonly string[]): string {
  const words = mainBinary === "" ? sampleTypes : [baseName(mainBinary), ...sampleTypes];
  const prefix = ["pprof", ...words].map((word) => word.replace(UNFIT, "_")).join(".");
  return `${cutToBytes(prefix, MAX_PREFIX)}.`;
}

/** What a name should not have: what parts a path, controls, and marks that turn text around. */
const UNFIT =
  process.platform === "win32" ? /[/\\<>:"|?*\p{Cc}\p{Cf}\p{Cs}]/gu : /[/\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Most file systems take names of 255 bytes; a number and the ending follow. */
const MAX_PREFIX = 230;

function baseName(file: string): string {
  return file.replace(/\/+$/, "").split("/").at(-1) ?? "";
}

function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  // A letter that is cut in two becomes U+FFFD.
  return bytes
    .subarray(0, most)
    .toString("utf8")
    .replace(/\ufffd+$/, "");
}

/**
 * The folder for saved profiles: $PPROF_TMPDIR, or else `pprof` in the home folder, or
 * else the system's for temporary files; the first that is there or can be made. `warn`
 * is told of those that cannot. Throws the system's error where none can.
 */
export function savingFolder(env: NodeJS.ProcessEnv, warn: (line: string) => void): string {
  const home = process.platform === "win32" ? env.USERPROFILE : env.HOME;
  const folders = [env.PPROF_TMPDIR, home ? path.join(home, "pprof") : undefined, os.tmpdir()];
  let failure: unknown;
  for (const folder of folders) {
    if (!folder) continue;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    } catch (error) {
      failure = error;
      warn(`profiles cannot be saved in ${folder}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
  throw failure;
}
