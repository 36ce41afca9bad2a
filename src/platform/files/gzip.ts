import { Readable } from "node:stream";
import { createGzip } from "node:zlib";

/** The position of the operating system in a gzip header (RFC 1952, section 2.3.1). */
const OS_POSITION = 9;
const UNKNOWN_OS = 255;

/** zlib's default, 6, takes 40% more time and saves 0.5% of the size on a merged 67 MB profile. */
const LEVEL = 5;

/** The size of a piece of compressed data. */
const PIECE_BYTES = 1 << 18;

/** Compresses in another thread. Equal input gives equal output, at any time and on any system. */
export async function* gzip(
  pieces: Iterable<Uint8Array>,
  level = LEVEL,
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  const compressed = Readable.from(pieces, { objectMode: true }).pipe(
    createGzip({ level, chunkSize: PIECE_BYTES }),
  );
  for await (const piece of compressed as AsyncIterable<Uint8Array>) {
    // zlib never splits the header's ten bytes.
    if (isFirst) piece[OS_POSITION] = UNKNOWN_OS;
    isFirst = false;
    yield piece;
  }
}
