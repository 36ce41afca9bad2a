/**
 * Marks gzipped files as written by a folder target, with a comment in the header (RFC 1952), which
 * all programs that decompress files skip.
 */

/** The length of the header that all gzip files have. */
const HEADER_BYTES = 10;

/** The position of the flags, and the flag of a comment. */
const FLAGS_POSITION = 3;
const COMMENT_FLAG = 16;

/** The comment with its end. */
const COMMENT = Buffer.from("tsprof folder target\0", "latin1");

/** The number of bytes at the beginning of a file that {@link hasMark} needs. */
export const MARK_BYTES = HEADER_BYTES + COMMENT.length;

/** Adds the mark to a gzipped file that has only the ten bytes of the header. */
export function markedGzip(bytes: Uint8Array): Uint8Array {
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  header[FLAGS_POSITION] |= COMMENT_FLAG;
  return Buffer.concat([header, COMMENT, bytes.subarray(HEADER_BYTES)]);
}

/** Returns whether a file that begins with `bytes` has the mark. */
export function hasMark(bytes: Uint8Array): boolean {
  return (
    bytes[FLAGS_POSITION] === COMMENT_FLAG &&
    COMMENT.equals(bytes.subarray(HEADER_BYTES, MARK_BYTES))
  );
}
