import { gzipSync } from "node:zlib";

/** Where a gzip header names the operating system (RFC 1952, section 2.3.1). */
const OS_BYTE = 9;
const UNKNOWN_OS = 255;

/** Compresses with gzip. The same bytes give the same result at any time and on any system. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const compressed = gzipSync(bytes);
  compressed[OS_BYTE] = UNKNOWN_OS;
  return compressed;
}
