import { gzip } from "../platform/gzip.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";

/** The profile as a file: profile.proto, gzipped. Equal profiles give equal bytes. */
export async function writeProfile(profile: Profile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip(encodePieces(profile))) pieces.push(piece);
  return Buffer.concat(pieces);
}
