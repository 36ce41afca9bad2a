import { twoSidedP } from "./normal.js";

/** Above this number of events, the normal distribution is as exact as needed. */
const MAX_EXACT_EVENTS = 1000;

/**
 * Returns the probability that at least `more` of `more + less` events go one way if each goes
 * either way with the same probability: the one-sided sign test.
 */
export function signTest(more: number, less: number): number {
  const events = more + less;
  if (events === 0) return 1;
  if (events > MAX_EXACT_EVENTS) {
    // With the correction for continuity.
    const z = (more - less - 1) / Math.sqrt(events);
    return z > 0 ? twoSidedP(z) / 2 : 1 - twoSidedP(z) / 2;
  }
  // The logarithm of the number of ways, as the number itself overflows.
  let ways = 0;
  let p = 0;
  for (let k = events; k >= more; k--) {
    p += Math.exp(ways - events * Math.LN2);
    ways += Math.log(k / (events - k + 1));
  }
  return Math.min(1, p);
}
