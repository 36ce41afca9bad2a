/** An exact int64: a `number` if it is a safe integer, else a `bigint`, so `===` compares them. */
export type Int64 = number | bigint;

/** Returns `value` wrapped to 64 bits like Go's int64. */
export function int64(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= BigInt(Number.MIN_SAFE_INTEGER) && wrapped <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(wrapped)
    : wrapped;
}

/** Returns the int64 with these halves (two's complement), each an unsigned 32-bit number. */
export function int64FromHalves(lo: number, hi: number): Int64 {
  const high = hi | 0;
  const value = high * 4294967296 + (lo >>> 0);
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(lo >>> 0);
}

/** Returns `a + b`, wrapped as in Go. */
export function add(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return int64(BigInt(a) + BigInt(b));
}

/** Returns `a * b`, wrapped as in Go. */
export function multiply(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    // Adding 0 turns a negative zero, printed as "-0", into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return int64(BigInt(a) * BigInt(b));
}

/** Returns `-a`; the smallest int64 is its own negative, as in Go. */
export function negate(a: Int64): Int64 {
  // Not -a, which can be a negative zero, printed as "-0".
  return typeof a === "number" ? 0 - a : int64(-a);
}

/** Returns the absolute value; negative only for the smallest int64. */
export function abs(a: Int64): Int64 {
  return a < 0 ? negate(a) : a;
}

/** Returns `a / b` rounded towards zero, as in Go. `b` must not be 0. */
export function divide(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number") return Math.trunc(a / b) + 0;
  return int64(BigInt(a) / BigInt(b));
}

/** Compares by value, for sorting: negative, zero or positive. */
export function compare(a: Int64, b: Int64): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rounds towards zero as Go's `int64(x)` on amd64; NaN and overflow give the smallest int64. */
export function truncate(x: number): Int64 {
  const whole = Math.trunc(x) + 0;
  if (Number.isSafeInteger(whole)) return whole;
  if (!(whole >= -(2 ** 63) && whole < 2 ** 63)) return -(2n ** 63n);
  return BigInt(whole);
}

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

/** Returns `a + b` without wrapping; the sum may need more than 64 bits. */
export function exactSum(a: Int64, b: Int64): Int64 {
  return typeof a === "number" && typeof b === "number" ? a + b : BigInt(a) + BigInt(b);
}

/** Returns `a - b` without wrapping; the difference may need more than 64 bits. */
export function exactDifference(a: Int64, b: Int64): Int64 {
  return typeof a === "number" && typeof b === "number" ? a - b : BigInt(a) - BigInt(b);
}

export function sum(values: Iterable<Int64>): Int64 {
  let total: Int64 = 0;
  for (const value of values) total = add(total, value);
  return total;
}
