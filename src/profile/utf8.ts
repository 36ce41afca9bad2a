/**
 * Lossless conversion between UTF-8 and text. A byte that is not part of valid UTF-8 becomes a lone
 * low surrogate U+DC80..U+DCFF and turns back into that byte (the "surrogateescape" of Python's PEP
 * 383): names in profiles are not always UTF-8, and must be printed unchanged.
 */

const ESCAPE_BASE = 0xdc00;

const HIGH_SURROGATES = 0xd800;
const LOW_SURROGATES = 0xdc00;

/** The maximum number of UTF-16 units per character. */
const MAX_UNITS = 2;

/** The number of arguments that every engine accepts in a call. */
const MAX_ARGUMENTS = 8192;

/** Returns the text of `bytes[start, end)`. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (asciiEnd(bytes, start, end) === end && end - start <= MAX_ARGUMENTS) {
    return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
  }
  const units = new Uint16Array(Math.min(end - start, MAX_ARGUMENTS));
  let count = 0;
  let pos = start;
  let text = "";
  while (pos < end) {
    // Join large pieces, since each intermediate text uses memory until it is joined.
    if (count > units.length - MAX_UNITS) {
      text += textOf(units, count);
      count = 0;
    }
    const first = bytes[pos];
    if (first < 0x80) {
      const run = asciiEnd(bytes, pos, Math.min(end, pos + units.length - count));
      while (pos < run) units[count++] = bytes[pos++];
      continue;
    }
    const codePoint = decodeSequence(bytes, pos, end);
    if (codePoint === undefined) {
      units[count++] = ESCAPE_BASE + first;
      pos++;
    } else if (codePoint < 0x10000) {
      units[count++] = codePoint;
      pos += codePoint < 0x800 ? 2 : 3;
    } else {
      units[count++] = HIGH_SURROGATES + ((codePoint - 0x10000) >> 10);
      units[count++] = LOW_SURROGATES + (codePoint & 0x3ff);
      pos += 4;
    }
  }
  return text + textOf(units, count);
}

function textOf(units: Uint16Array, count: number): string {
  return String.fromCharCode.apply(null, units.subarray(0, count) as unknown as number[]);
}

/** Returns the end of the ASCII text that begins at `start`, at most `end`. */
function asciiEnd(bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  while (pos < end && bytes[pos] < 0x80) pos++;
  return pos;
}

/** Returns the code point of a well-formed sequence of two to four bytes at `pos` (RFC 3629). */
function decodeSequence(bytes: Uint8Array, pos: number, end: number): number | undefined {
  const first = bytes[pos];
  let length: number;
  let least: number;
  let value: number;
  if (first >= 0xc2 && first <= 0xdf) {
    [length, least, value] = [2, 0x80, first & 0x1f];
  } else if (first >= 0xe0 && first <= 0xef) {
    [length, least, value] = [3, 0x800, first & 0x0f];
  } else if (first >= 0xf0 && first <= 0xf4) {
    [length, least, value] = [4, 0x10000, first & 0x07];
  } else {
    return undefined;
  }
  if (pos + length > end) return undefined;
  for (let i = 1; i < length; i++) {
    const next = bytes[pos + i];
    if ((next & 0xc0) !== 0x80) return undefined;
    value = (value << 6) | (next & 0x3f);
  }
  const surrogate = value >= 0xd800 && value <= 0xdfff;
  return value < least || value > 0x10ffff || surrogate ? undefined : value;
}

/** Returns the bytes of `text`; the inverse of {@link decodeUtf8}. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let pos = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[pos++] = unit;
    } else if (unit < 0x800) {
      bytes[pos++] = 0xc0 | (unit >> 6);
      bytes[pos++] = 0x80 | (unit & 0x3f);
    } else if (unit >= 0xdc80 && unit <= 0xdcff) {
      bytes[pos++] = unit - ESCAPE_BASE;
    } else if (unit >= 0xd800 && unit <= 0xdbff && isLowSurrogate(text.charCodeAt(i + 1))) {
      const codePoint = text.codePointAt(i++) as number;
      bytes[pos++] = 0xf0 | (codePoint >> 18);
      bytes[pos++] = 0x80 | ((codePoint >> 12) & 0x3f);
      bytes[pos++] = 0x80 | ((codePoint >> 6) & 0x3f);
      bytes[pos++] = 0x80 | (codePoint & 0x3f);
    } else {
      bytes[pos++] = 0xe0 | (unit >> 12);
      bytes[pos++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[pos++] = 0x80 | (unit & 0x3f);
    }
  }
  return bytes.slice(0, pos);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** UTF-16 units whose order differs from the order of their UTF-8. */
const SURROGATES_AND_ABOVE = /[\ud800-\uffff]/;

/** Compares texts by their UTF-8 bytes, as Go does. The order of UTF-16 differs for surrogates. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  if (!SURROGATES_AND_ABOVE.test(a) && !SURROGATES_AND_ABOVE.test(b)) return a < b ? -1 : 1;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return byteOrder(x) - byteOrder(y);
  }
  return a.length - b.length;
}

function byteOrder(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
