/** A count out of a total, on each of two sides. */
export interface Shares {
  readonly base: number;
  readonly baseTotal: number;
  readonly next: number;
  readonly nextTotal: number;
}

/**
 * Tests whether two shares differ. Returns the signed root of the likelihood ratio statistic G of
 * the two-by-two table: a standard normal variable if the shares are equal, positive if the second
 * is larger. Unlike the test with pooled variance, it is close to the exact test even for the small
 * counts and small p-values that a correction for many tests needs. It assumes independent events;
 * if they come in clusters, divide the result by the square root of the overdispersion. A count
 * above its total is limited to the total.
 */
export function shareZ({ base, baseTotal, next, nextTotal }: Shares): number {
  if (!(baseTotal > 0 && nextTotal > 0)) return 0;
  // Add one half to each cell, because a count of 0 would count as too strong evidence.
  const hits = [Math.min(base, baseTotal) + 0.5, Math.min(next, nextTotal) + 0.5];
  const totals = [baseTotal + 1, nextTotal + 1];
  const all = totals[0] + totals[1];
  const share = (hits[0] + hits[1]) / all;
  let g = 0;
  for (const side of [0, 1]) {
    g += deviance(hits[side], totals[side] * share);
    g += deviance(totals[side] - hits[side], totals[side] * (1 - share));
  }
  const sign = Math.sign(hits[1] / totals[1] - hits[0] / totals[0]);
  return sign * Math.sqrt(Math.max(0, 2 * g)) + 0;
}

function deviance(observed: number, expected: number): number {
  return observed > 0 && expected > 0 ? observed * Math.log(observed / expected) : 0;
}

/** Returns the standard deviation of the difference of two equal shares of independent events. */
export function shareError({ base, baseTotal, next, nextTotal }: Shares): number {
  const all = baseTotal + nextTotal;
  if (!(baseTotal > 0 && nextTotal > 0)) return 0;
  const share = Math.min(1, (base + next) / all);
  return Math.sqrt(share * (1 - share) * (1 / baseTotal + 1 / nextTotal));
}
