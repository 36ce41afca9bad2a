import { ProfileError, tooLarge } from "./errors.js";
import type { Profile } from "./profile.js";
import { ProfileDecoder } from "./wire/decode.js";

/**
 * Inflates gzip data of one or more members, and hands the pieces to `sink` as they
 * come. Throws a {@link ProfileError} where the data is damaged or ends early, and
 * {@link tooLarge} as soon as there are more than `limit` bytes, before they all take
 * up memory.
 */
export type Gunzip = (
  compressed: Uint8Array,
  limit: number,
  sink: (piece: Uint8Array) => void,
) => Promise<void>;

/**
 * Reads a profile in profile.proto format, compressed by gzip or not. Throws a
 * {@link ProfileError} for anything else, and where the input when inflated, or the
 * tables made of it, need more than `limit` bytes.
 */
export async function readProfile(
  bytes: Uint8Array,
  gunzip: Gunzip,
  limit: number,
): Promise<Profile> {
  if (bytes.length > limit) throw tooLarge(limit);
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!compressed && looksLikeText(bytes)) {
    throw new ProfileError("unrecognized profile format: this looks like text");
  }
  const decoder = new ProfileDecoder(Math.min(sizeHint(bytes, compressed), limit), limit);
  if (compressed) await gunzip(bytes, limit, (piece) => decoder.push(piece));
  else decoder.push(bytes);
  return decoder.finish();
}

/** Profiles seldom inflate to more; a claim beyond it is not believed. */
const USUAL_RATIO = 16;

/** About how many bytes there will be. Gzip ends with the size of its last member (RFC 1952). */
function sizeHint(bytes: Uint8Array, compressed: boolean): number {
  if (!compressed || bytes.length < 18) return bytes.length;
  const end = bytes.length;
  const size =
    bytes[end - 4] + bytes[end - 3] * 2 ** 8 + bytes[end - 2] * 2 ** 16 + bytes[end - 1] * 2 ** 24;
  return Math.min(size, bytes.length * USUAL_RATIO);
}

/**
 * Whether the first bytes are printable ASCII and white space. A profile.proto message
 * begins with tags and lengths, most of which are control characters.
 */
function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 64);
  return (
    head.length > 0 &&
    head.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d))
  );
}
