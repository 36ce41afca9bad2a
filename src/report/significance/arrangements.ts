/** The positions of the runs that are assigned to the first side, in ascending order. */
export type Arrangement = readonly number[];

export interface Arrangements {
  /** The first arrangement is the observed one. */
  readonly list: readonly Arrangement[];
  /** Whether the list has all possible arrangements, or only a random selection. */
  readonly isComplete: boolean;
  /** The number of possible arrangements; may be Infinity. */
  readonly possible: number;
}

/**
 * Returns the ways to assign `first + second` runs to two sides of these sizes. If there are more
 * than `limit`, returns `limit` random ones, the same in every call. Runs `0 .. first - 1` were
 * observed on the first side.
 */
export function arrangements(first: number, second: number, limit: number): Arrangements {
  const possible = binomial(first + second, first);
  const isComplete = possible <= limit;
  return {
    list: isComplete
      ? allArrangements(first, first + second)
      : randomArrangements(first, first + second, limit),
    isComplete,
    possible,
  };
}

/** Returns the number of ways to choose `k` of `n` items. Exact up to 2^53. */
export function binomial(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return ways;
}

/** Returns all choices of `size` out of `count` positions, in lexicographic order. */
function allArrangements(size: number, count: number): Arrangement[] {
  const all: Arrangement[] = [];
  const chosen = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    all.push([...chosen]);
    let i = size - 1;
    while (i >= 0 && chosen[i] === count - size + i) i--;
    if (i < 0) return all;
    chosen[i]++;
    for (let next = i + 1; next < size; next++) chosen[next] = chosen[next - 1] + 1;
  }
}

function randomArrangements(size: number, count: number, limit: number): Arrangement[] {
  const random = seededRandom(0x2545f491);
  const positions = Array.from({ length: count }, (_, i) => i);
  const all: Arrangement[] = [positions.slice(0, size)];
  while (all.length < limit) {
    for (let i = 0; i < size; i++) {
      const j = i + Math.floor(random() * (count - i));
      [positions[i], positions[j]] = [positions[j], positions[i]];
    }
    all.push(positions.slice(0, size).sort((a, b) => a - b));
  }
  return all;
}

/**
 * Returns a generator of pseudorandom numbers in [0, 1). The same seed gives the same numbers, so
 * repeating a comparison gives the same result. Mixes a Weyl sequence by multiplication.
 */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
