import { decodeUtf8 } from "../../profile/utf8.js";
import type { Int64 } from "../../units/int64.js";

/**
 * The digits of numbers in columns of nonnegative numbers. Each letter holds five bits, lowest
 * first; a sixth bit marks that more follow. None of them is special in XML or JSON.
 */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const MORE_DIGITS = 32;

const DIGIT_OF_CODE = new Uint8Array(128);
for (let i = 0; i < ALPHABET.length; i++) DIGIT_OF_CODE[ALPHABET.charCodeAt(i)] = i;

const CODE_OF_DIGIT = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));

/** No number needs more digits, because sums of 2^31 samples of 64 bits stay below 2^95. */
const MAX_DIGITS = 19;

export function encodeNumbers(numbers: ArrayLike<Int64>): string {
  let letters = new Uint8Array(1024);
  let length = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (length + MAX_DIGITS > letters.length) {
      const grown = new Uint8Array(letters.length * 2);
      grown.set(letters);
      letters = grown;
    }
    let rest = numbers[i];
    if (typeof rest === "bigint") {
      for (; rest >= 32n; rest >>= 5n)
        letters[length++] = CODE_OF_DIGIT[Number(rest & 31n) | MORE_DIGITS];
      rest = Number(rest);
    }
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 32)) {
      letters[length++] = CODE_OF_DIGIT[(rest % 32) | MORE_DIGITS];
    }
    for (; rest >= 32; rest >>>= 5) letters[length++] = CODE_OF_DIGIT[(rest & 31) | MORE_DIGITS];
    letters[length++] = CODE_OF_DIGIT[rest];
  }
  return decodeUtf8(letters, 0, length);
}

/** Decodes text into numbers that are safe integers. */
export function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let unit = 1;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGIT_OF_CODE[text.charCodeAt(i)];
    number += (digit % MORE_DIGITS) * unit;
    unit *= 32;
    if (digit >= MORE_DIGITS) continue;
    numbers.push(number);
    number = 0;
    unit = 1;
  }
  return numbers;
}

/** Decodes text into numbers of any size. */
export function decodeBigInts(text: string): bigint[] {
  const numbers: bigint[] = [];
  let number = 0n;
  let shift = 0n;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGIT_OF_CODE[text.charCodeAt(i)];
    number |= BigInt(digit % MORE_DIGITS) << shift;
    shift += 5n;
    if (digit >= MORE_DIGITS) continue;
    numbers.push(number);
    number = 0n;
    shift = 0n;
  }
  return numbers;
}
