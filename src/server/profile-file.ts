import { gunzipSync, constants as zlib } from "node:zlib";
import { looksLikeProto } from "../formats/read.js";
import { gzip } from "../platform/files/gzip.js";
import { encodePieces } from "../profile/wire/encode.js";
import type { Session } from "../session/session.js";

/** The whole profile as a gzipped file in pprof's format. */
export interface ProfileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether names in it are demangled and frames are dropped. */
  readonly isPrepared: boolean;
}

/** Fast compression: the browser waits, and is usually on the same machine. */
const GZIP_LEVEL = 1;

/** Returns the file that was read if it is of this kind, and otherwise encodes the profile. */
export async function profileFile(
  { profile, original }: Session,
  name: string,
): Promise<ProfileFile> {
  if (original && isProfileFile(original)) return { name, bytes: original, isPrepared: false };
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip(encodePieces(profile, true), GZIP_LEVEL)) pieces.push(piece);
  return { name, bytes: Buffer.concat(pieces), isPrepared: true };
}

/** The bytes at the start of a file that are enough to recognise its format. */
const HEAD_BYTES = 4096;

/** Whether the bytes of a readable profile are gzipped profile.proto. */
function isProfileFile(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return false;
  try {
    const head = gunzipSync(bytes.subarray(0, HEAD_BYTES), { finishFlush: zlib.Z_SYNC_FLUSH });
    return looksLikeProto(head.subarray(0, 64));
  } catch {
    return false;
  }
}

/** Returns a file name for a session with this title, without special characters. */
export function fileNameFor(title: string): string {
  const last =
    title
      .replace(/[?#].*/s, "")
      .split(/[\\/]/)
      .at(-1) ?? "";
  const stem = last
    .replace(/(\.pb)?(\.gz)?$/, "")
    .replace(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/^[._-]+|[._-]+$/g, "")
    .slice(0, 100);
  return `${stem || "profile"}.pb.gz`;
}
