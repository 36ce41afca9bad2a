import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * Returns the start of a saved profile's file name, as in pprof: `pprof.server.samples.cpu.`.
 * Characters that file names must not have become `_`, as the names come from the profile.
 */
export function savedPrefix(mainBinary: string, sampleTypes: readonly string[]): string {
  const words = mainBinary === "" ? sampleTypes : [baseName(mainBinary), ...sampleTypes];
  const prefix = ["pprof", ...words].map((word) => word.replace(NOT_IN_FILE_NAMES, "_")).join(".");
  return `${cutToBytes(prefix, MAX_PREFIX_BYTES)}.`;
}

/** Path separators, control characters, and marks that change the direction of text. */
const NOT_IN_FILE_NAMES =
  process.platform === "win32" ? /[/\\<>:"|?*\p{Cc}\p{Cf}\p{Cs}]/gu : /[/\p{Cc}\p{Cf}\p{Cs}]/gu;

/** File names may have 255 bytes on most systems. A number and the extension follow the prefix. */
const MAX_PREFIX_BYTES = 230;

function baseName(file: string): string {
  return file.replace(/\/+$/, "").split("/").at(-1) ?? "";
}

function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  // A character that is cut in two becomes U+FFFD.
  return bytes
    .subarray(0, maxBytes)
    .toString("utf8")
    .replace(/\ufffd+$/, "");
}

/**
 * Returns the first usable folder for saved profiles: $PPROF_TMPDIR, `pprof` in the home folder, or
 * the system's temporary folder. `warn` gets a line for each unusable one. Throws the system's
 * error if none is usable.
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
      warn(`cannot save profiles in ${folder}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
  throw failure;
}
