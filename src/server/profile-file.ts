import { gunzipSync, constants as zlib } from "node:zlib";
import { looksLikeProto } from "../formats/read.js";
import { gzip } from "../platform/gzip.js";
import { encodePieces } from "../profile/wire/encode.js";
import type { Session } from "../session/session.js";

/** The whole profile as a file, gzipped, in pprof's format. */
export interface ProfileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether names are demangled and frames dropped in it. */
  readonly isPrepared: boolean;
}

/** It goes no further than to a browser of this machine, which is waiting for it. */
const QUICK = 1;

/** The file that was read where that is one of this kind, and otherwise one that is made. */
export async function profileFile(
  { profile, original }: Session,
  name: string,
): Promise<ProfileFile> {
  if (original && isProfileFile(original)) return { name, bytes: original, isPrepared: false };
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip(encodePieces(profile), QUICK)) pieces.push(piece);
  return { name, bytes: Buffer.concat(pieces), isPrepared: true };
}

/** So much of a file, and of what it inflates to, tells what it is. */
const HEAD = 4096;

/** Whether bytes that could be read are gzipped, and what is in them is profile.proto. */
function isProfileFile(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return false;
  try {
    const head = gunzipSync(bytes.subarray(0, HEAD), { finishFlush: zlib.Z_SYNC_FLUSH });
    return looksLikeProto(head.subarray(0, 64));
  } catch {
    return false;
  }
}

/** A name for the file of what was opened under `title`, with nothing in it that is special. */
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
