import { gzip } from "../platform/files/gzip.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";

/** Writes a profile as gzipped profile.proto. Equal profiles give equal bytes. */
export async function writeProfile(profile: Profile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip(encodePieces(profile))) pieces.push(piece);
  return Buffer.concat(pieces);
}
