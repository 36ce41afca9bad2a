/** Returns the two-sided p-value of a standard normal z, to 14 digits even for tiny results. */
export function twoSidedP(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (!(x < 27)) return Number.isNaN(x) ? 1 : 0;
  return x < 2.5 ? 1 - erfSeries(x) : erfcFraction(x);
}

/** Returns the z for which {@link twoSidedP} is `p`. */
export function criticalZ(p: number): number {
  let low = 0;
  let high = 38;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle) > p) low = middle;
    else high = middle;
  }
  return high;
}

/** Computes the error function by its Maclaurin series, in the form with only positive terms. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Computes the complementary error function by its continued fraction, innermost term first. */
function erfcFraction(x: number): number {
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}
