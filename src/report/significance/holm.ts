/**
 * Corrects p-values for the number of tests with Holm's step-down procedure (1979). The probability
 * that any true hypothesis gets a corrected p below a level is at most that level, even if the
 * tests depend on each other.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const corrected = pValues.map(() => 1);
  let before = 0;
  order.forEach((index, rank) => {
    before = Math.max(before, Math.min(1, pValues[index] * (order.length - rank)));
    corrected[index] = before;
  });
  return corrected;
}
