/**
 * `%.2f` of Go's fmt: two decimals, exact halves rounded to even.
 *
 * `Number.prototype.toFixed` works on the exact value too, but takes halves away from
 * zero. Only odd multiples of 1/8 are halves in binary: a half is an odd multiple of
 * 1/200, which is a finite binary fraction only where the 25 cancels.
 */
export function fixed2(x: number): string {
  const whole = Math.trunc(x);
  const half = HALVES.get(Math.abs(x - whole));
  if (half !== undefined) return `${x < 0 ? "-" : ""}${Math.abs(whole)}.${half}`;
  return Math.abs(x) < 1e21 ? x.toFixed(2) : `${BigInt(x)}.00`;
}

/** Fractions in the middle between two hundredths, with the even one. */
const HALVES = new Map([
  [0.125, "12"],
  [0.375, "38"],
  [0.625, "62"],
  [0.875, "88"],
]);

/** `%.2g` of Go's fmt: two significant digits without trailing zeros, an exponent below 1e-4. */
export function significant2(x: number): string {
  if (x === 0) return "0";
  const [mantissa = "", exponentText = "0"] = Math.abs(x).toExponential(40).split("e");
  let exponent = Number(exponentText);
  let digits = Number(mantissa[0] + mantissa.slice(2, 3));
  const rest = mantissa.slice(3);
  // Exact halves go to the even digit; rest has more digits than a tie could hide in.
  const half = `5${"0".repeat(rest.length - 1)}`;
  if (rest > half || (rest === half && digits % 2 === 1)) digits++;
  if (digits === 100) {
    digits = 10;
    exponent++;
  }
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
