/** Which of several runs are taken for the first side: their positions, ascending. */
export type Arrangement = readonly number[];

/** Ways of dealing runs to two sides. */
export interface Arrangements {
  /** The first is the one that was observed. */
  readonly list: readonly Arrangement[];
  /** Whether these are all that there are; else a part of them, drawn at random. */
  readonly isComplete: boolean;
  /** How many there are in all; possibly Infinity. */
  readonly possible: number;
}

/**
 * The ways of dealing `first + second` runs to a side of `first` and one of `second`, each
 * once, if there are no more than `limit`; otherwise `limit` of them, drawn at random but
 * the same at every call. Runs `0 .. first - 1` are those observed on the first side.
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

/** The number of ways to choose `k` of `n`; exact while it is a safe integer. */
export function binomial(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return ways;
}

/** All choices of `size` of `count` positions, in lexicographic order. */
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
 * Numbers from 0 up to 1, the same for the same seed: what is called real must not depend
 * on when one asks. A Weyl sequence whose terms are mixed by multiplications.
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
