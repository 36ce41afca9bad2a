import type { Int64 } from "../../units/int64.js";

/**
 * Columns of numbers that are not negative, as short text: five bits a letter, lowest
 * first, and a sixth bit where more follow. None of the letters means anything in XML or JSON.
 */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const MORE = 32;

const DIGITS = new Uint8Array(128);
for (let i = 0; i < LETTERS.length; i++) DIGITS[LETTERS.charCodeAt(i)] = i;

/** The numbers as text. */
export function encodeNumbers(numbers: Iterable<Int64>): string {
  const letters: string[] = [];
  for (const number of numbers) {
    let rest = number;
    if (typeof rest === "bigint") {
      for (; rest >= 32n; rest >>= 5n) letters.push(LETTERS[Number(rest & 31n) | MORE]);
      rest = Number(rest);
    }
    for (; rest >= 32; rest = Math.floor(rest / 32)) letters.push(LETTERS[(rest % 32) | MORE]);
    letters.push(LETTERS[rest]);
  }
  return letters.join("");
}

/** The numbers of a text, as far as they are safe integers. */
export function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let unit = 1;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGITS[text.charCodeAt(i)];
    number += (digit % MORE) * unit;
    unit *= 32;
    if (digit >= MORE) continue;
    numbers.push(number);
    number = 0;
    unit = 1;
  }
  return numbers;
}

/** The same of numbers of any size. */
export function decodeBigInts(text: string): bigint[] {
  const numbers: bigint[] = [];
  let number = 0n;
  let shift = 0n;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGITS[text.charCodeAt(i)];
    number |= BigInt(digit % MORE) << shift;
    shift += 5n;
    if (digit >= MORE) continue;
    numbers.push(number);
    number = 0n;
    shift = 0n;
  }
  return numbers;
}
