import type { Uint64 } from "../profile/profile-builder.js";
import { type Int64, int64 } from "../units/int64.js";

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** Most numbers have so few digits that they are safe integers. */
const SHORT_NUMBER = /^[0-9]{1,15}$/;

/** Parses a decimal number with an optional sign; undefined if it is invalid or exceeds 64 bits. */
export function parseInt64(text: string): Int64 | undefined {
  if (SHORT_NUMBER.test(text)) return Number(text);
  const match = /^([+-]?)0*([0-9]{0,19})$/.exec(text);
  if (!match || !/[0-9]$/.test(text)) return undefined;
  if (match[2].length <= 15) return Number(text) + 0;
  return signed(match[1], BigInt(match[2]));
}

/** Parses Go's literals: `0x1f`, `0b101`, `0o17`, `017` (octal), `1_000`; undefined if invalid. */
export function parseInt64Literal(text: string): Int64 | undefined {
  const match = /^([+-]?)(0[xX]|0[bB]|0[oO]|0(?=.)|)(.*)$/s.exec(text);
  if (!match) return undefined;
  const [, sign, prefix, body] = match;
  const base = BASES[prefix.toLowerCase()];
  // An underscore may follow a prefix as well as a digit.
  const underscored = prefix === "" ? /^[^_]+(?:_[^_]+)*$/ : /^_?[^_]+(?:_[^_]+)*$/;
  if (!underscored.test(body)) return undefined;
  const digits = body.replaceAll("_", "").replace(/^0+(?=.)/, "");
  if (digits.length > 64 || !base.digits.test(digits)) return undefined;
  return signed(sign, BigInt(base.prefix + digits));
}

const BASES: Record<string, { prefix: string; digits: RegExp }> = {
  "": { prefix: "", digits: /^[0-9]+$/ },
  "0": { prefix: "0o", digits: /^[0-7]+$/ },
  "0o": { prefix: "0o", digits: /^[0-7]+$/ },
  "0b": { prefix: "0b", digits: /^[01]+$/ },
  "0x": { prefix: "0x", digits: /^[0-9a-fA-F]+$/ },
};

function signed(sign: string, magnitude: bigint): Int64 | undefined {
  const value = sign === "-" ? -magnitude : magnitude;
  return value > MAX_INT64 || value < MIN_INT64 ? undefined : int64(value);
}

/** Parses hexadecimal digits; returns undefined for more than 64 bits. */
export function parseHex64(digits: string): Uint64 | undefined {
  if (digits.length <= 13) return Number.parseInt(digits, 16);
  const match = /^0*([0-9a-fA-F]{0,16})$/.exec(digits);
  return match ? uint64(BigInt(`0x0${match[1]}`)) : undefined;
}

/** Returns a non-negative `value` as a {@link Uint64}. */
export function uint64(value: bigint): Uint64 {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

export function uint64FromHalves(lo: number, hi: number): Uint64 {
  const value = hi * 2 ** 32 + lo;
  return Number.isSafeInteger(value) ? value : (BigInt(hi) << 32n) | BigInt(lo);
}

/** Returns `address - 1`; the address before 0 is the largest one. */
export function addressBefore(address: Uint64): Uint64 {
  if (typeof address === "number" && address > 0) return address - 1;
  return uint64(BigInt.asUintN(64, BigInt(address) - 1n));
}

/** Returns the numbers of the form `0x1f` in a text, or undefined if one of them is too large. */
export function parseAddresses(text: string): Uint64[] | undefined {
  const addresses: Uint64[] = [];
  for (const [, digits] of text.matchAll(/0x([0-9a-f]+)/g)) {
    const address = parseHex64(digits);
    if (address === undefined) return undefined;
    addresses.push(address);
  }
  return addresses;
}
