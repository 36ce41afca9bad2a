/*
 * Bytes as text inside an HTML page: 14 % longer than the bytes, where Base64 is 33 % longer. Each
 * character of one byte has 7 bits. Four characters must not be in the text, because HTML changes
 * NUL and CR, `<` could end the element, and ESC could control a terminal. A character of two bytes
 * has the bits of such a character and of the one that follows.
 */

const BITS = 7;
const MASK = (1 << BITS) - 1;

const EXCLUDED = ["\0", "\r", "<", "\x1b"].map((character) => character.charCodeAt(0));

/** The first two-byte character for an excluded one and its successor: U+0200 to U+03FF are used. */
const PAIRS = 0x200;

/** Added to an excluded character at the end of the text, which has no successor. */
const SINGLE = 0x180;

/** By character: its position in {@link EXCLUDED}, or -1. */
const POSITIONS = new Int8Array(MASK + 1).map((_, code) => EXCLUDED.indexOf(code));

/** Returns bytes as text, in UTF-8, without `<` and without control characters that HTML changes. */
export function encodeAsText(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(Math.ceil((bytes.length * 8) / BITS) + 1);
  let end = 0;
  let rest = 0;
  let restBits = 0;
  /** The position of the excluded character before, or -1. */
  let excluded = -1;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length) {
      rest = ((rest & MASK) << 8) | bytes[at];
      restBits += 8;
    } else if (restBits > 0) {
      rest <<= BITS - restBits;
      restBits = BITS;
    }
    while (restBits >= BITS) {
      restBits -= BITS;
      const bits = (rest >> restBits) & MASK;
      if (excluded >= 0) {
        end = putTwoBytes(text, end, PAIRS + (excluded << BITS) + bits);
        excluded = -1;
      } else {
        excluded = POSITIONS[bits];
        if (excluded < 0) text[end++] = bits;
      }
    }
  }
  if (excluded >= 0) end = putTwoBytes(text, end, SINGLE + EXCLUDED[excluded]);
  return text.subarray(0, end);
}

/** Writes a character that has two bytes in UTF-8. Returns the end of the text. */
function putTwoBytes(text: Uint8Array, end: number, code: number): number {
  text[end] = 0xc0 | (code >> 6);
  text[end + 1] = 0x80 | (code & 0x3f);
  return end + 2;
}

/** Returns the bytes of a text from {@link encodeAsText}. Any other text gives wrong bytes. */
export function decodeFromText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((2 * text.length * BITS) / 8));
  let rest = 0;
  let restBits = 0;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isPair = code >= PAIRS;
    const bits = isPair ? EXCLUDED[((code - PAIRS) >> BITS) & 3] : code & MASK;
    rest = ((rest << BITS) | bits) & 0x7fff;
    restBits += BITS;
    if (restBits >= 8) {
      restBits -= 8;
      bytes[end++] = rest >> restBits;
    }
    if (!isPair) continue;
    rest = ((rest << BITS) | (code & MASK)) & 0x7fff;
    restBits += BITS;
    if (restBits >= 8) {
      restBits -= 8;
      bytes[end++] = rest >> restBits;
    }
  }
  return bytes.slice(0, end);
}
