/**
 * Formats like Go's `%.2f`: two decimals, exact halves rounded to even.
 *
 * `Number.prototype.toFixed` uses the exact value too, but rounds halves away from zero. A half is
 * an odd multiple of 1/200, and binary fractions can express it only if it is an odd multiple of
 * 1/8.
 */
export function fixed2(x: number): string {
  const whole = Math.trunc(x);
  const half = evenHalf(Math.abs(x - whole));
  if (half !== undefined) return `${x < 0 ? "-" : ""}${Math.abs(whole)}.${half}`;
  return Math.abs(x) < 1e21 ? x.toFixed(2) : `${BigInt(x)}.00`;
}

/** Returns the even neighbour of a fraction that is halfway between two hundredths. */
function evenHalf(fraction: number): string | undefined {
  if (fraction === 0.125) return "12";
  if (fraction === 0.375) return "38";
  if (fraction === 0.625) return "62";
  return fraction === 0.875 ? "88" : undefined;
}

/** Formats like Go's `%.2g`: two significant digits, no trailing zeros, exponents below 1e-4. */
export function significant2(x: number): string {
  if (x === 0) return "0";
  const { digits, exponent } = roundTo2(Math.abs(x));
  const first = Math.floor(digits / 10);
  const second = digits % 10;
  const sign = x < 0 ? "-" : "";
  if (exponent < -4 || exponent >= 2) {
    const power = `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
    return `${sign}${first}${second ? `.${second}` : ""}e${power}`;
  }
  if (exponent === 1) return `${sign}${digits}`;
  if (exponent === 0) return `${sign}${first}${second ? `.${second}` : ""}`;
  return `${sign}0.${"0".repeat(-exponent - 1)}${first}${second || ""}`;
}

/** Returns `x` as `digits / 10 * 10 ** exponent`, with two digits and halves rounded to even. */
function roundTo2(x: number): { digits: number; exponent: number } {
  // Four digits decide the rounding unless they are near the middle.
  let rounded = x.toExponential(3);
  const near = Number(rounded.slice(3, 5));
  let up = near > 50;
  if (near >= 49 && near <= 51) {
    rounded = x.toExponential(40);
    const rest = rounded.slice(3, rounded.indexOf("e"));
    // The rest has more digits than an exact half can have in a double.
    const half = `5${"0".repeat(rest.length - 1)}`;
    up = rest > half || (rest === half && Number(rounded[2]) % 2 === 1);
  }
  const digits = Number(rounded[0] + rounded[2]) + (up ? 1 : 0);
  const exponent = Number(rounded.slice(rounded.indexOf("e") + 1));
  return digits === 100 ? { digits: 10, exponent: exponent + 1 } : { digits, exponent };
}
