/**
 * A signed 64-bit integer, exactly: a `number` while it is a safe integer, a
 * `bigint` beyond. Each value has one form only, so `===` compares two of them.
 */
export type Int64 = number | bigint;

/** The form of `value` that the type {@link Int64} asks for, wrapped to 64 bits as Go's int64 wraps. */
export function int64(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= BigInt(Number.MIN_SAFE_INTEGER) && wrapped <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(wrapped)
    : wrapped;
}

/** The int64 whose two's complement halves are `lo` and `hi`, each read as an unsigned 32-bit number. */
export function int64FromHalves(lo: number, hi: number): Int64 {
  const high = hi | 0;
  const value = high * 4294967296 + (lo >>> 0);
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(lo >>> 0);
}

/** `a + b`. */
export function add(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return int64(BigInt(a) + BigInt(b));
}

/** `a * b`, wrapped as Go wraps. */
export function multiply(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    // Plus 0, because a negative zero would print as "-0".
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return int64(BigInt(a) * BigInt(b));
}

/** `-a`; the smallest int64 is its own negative, as in Go. */
export function negate(a: Int64): Int64 {
  // 0 - a rather than -a: a negative zero would print as "-0".
  return typeof a === "number" ? 0 - a : int64(-a);
}

/** The absolute value; negative only for the smallest int64. */
export function abs(a: Int64): Int64 {
  return a < 0 ? negate(a) : a;
}

/** `a / b` rounded towards zero, as Go divides. `b` must not be 0. */
export function divide(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number") return Math.trunc(a / b) + 0;
  return int64(BigInt(a) / BigInt(b));
}

/** Order by value, for sorting: negative, zero or positive. */
export function compare(a: Int64, b: Int64): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What Go's `int64(x)` gives on amd64: `x` rounded towards zero, and the smallest
 * int64 where it does not fit (NaN and the infinities too).
 */
export function truncate(x: number): Int64 {
  const whole = Math.trunc(x) + 0;
  if (Number.isSafeInteger(whole)) return whole;
  if (!(whole >= -(2 ** 63) && whole < 2 ** 63)) return -(2n ** 63n);
  return BigInt(whole);
}

/** Writes an integer as its lower and upper 32 bits (two's complement). */
export function setHalves(words: Uint32Array, at: number, value: Int64): void {
  if (typeof value === "number" && value >= 0 && value < 2 ** 32) {
    words[at] = value;
    words[at + 1] = 0;
    return;
  }
  const bits = BigInt.asUintN(64, BigInt(value));
  words[at] = Number(bits & 0xffffffffn);
  words[at + 1] = Number(bits >> 32n);
}
