import { gzip } from "../../platform/files/gzip.js";
import { savedPrefix, savingFolder } from "../../platform/files/saved-profile.js";
import type { Profile } from "../../profile/profile.js";
import { encodePieces } from "../../profile/wire/encode.js";
import { describeError, isInterrupt } from "../errors.js";
import { interruptible } from "../interrupt.js";
import { writeNumberedFile } from "../show/file-output.js";
import type { Warn } from "../show/messages.js";
import { printNotice } from "../show/messages.js";

/** A profile may hold names that only its owner should see. */
const SAVED_MODE = 0o600;

/**
 * Saves a fetched profile in pprof's folder, with pprof's message, because it cannot be fetched
 * again. Only warns if that fails.
 */
export async function saveFetched(profile: Profile, warn: Warn): Promise<void> {
  const { mappings, strings, sampleTypes } = profile;
  const mainBinary = mappings.length === 0 ? "" : strings.get(mappings.file[0]);
  const types = sampleTypes.map(({ type }) => strings.get(type));
  try {
    await interruptible(async (signal) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of gzip(encodePieces(profile))) {
        pieces.push(piece);
        signal.throwIfAborted();
      }
      const folder = savingFolder(process.env, warn);
      const stem = savedPrefix(mainBinary, types);
      const name = { folder, stem, ending: ".pb.gz", mode: SAVED_MODE };
      const file = await writeNumberedFile(name, pieces);
      printNotice(`Saved profile in ${file}`);
    });
  } catch (error) {
    if (isInterrupt(error)) throw error;
    warn(`cannot save the profile: ${describeError(error)}`);
  }
}
