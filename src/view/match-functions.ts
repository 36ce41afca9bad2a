import type { Int64 } from "../units/int64.js";

/** A function, line or file, with the attributes by which it is found in another version. */
export interface Placed {
  /** The name without its position; empty for a file. */
  readonly name: string;
  readonly file: string;
  /** From 1; 0 if unknown. */
  readonly line: Int64;
  readonly column: Int64;
}

/** The greatest product of the numbers of functions that are compared pair by pair. */
const MAX_PAIRS = 4_000_000;

/**
 * Finds the functions of one version of a program in an older one. They match by name and file, and then by the nearest line. Lines that were inserted above a function
 * are no difference: functions of a unique name show how far the others have moved. Returns, by row of
 * `next`, the matching row of `base`, or -1.
 */
export function matchPlaced(base: readonly Placed[], next: readonly Placed[]): Int32Array {
  const matches = new Int32Array(next.length).fill(-1);
  const baseFiles = groupBy(base, ({ file }) => file);
  const nextFiles = groupBy(next, ({ file }) => file);
  for (const [file, baseFile] of matchFiles([...nextFiles.keys()], [...baseFiles.keys()])) {
    const olds = baseFiles.get(baseFile) ?? [];
    const news = nextFiles.get(file) ?? [];
    const byName = groupBy(
      olds.map((row) => base[row]),
      ({ name }) => name,
    );
    const groups = Array.from(
      groupBy(
        news.map((row) => next[row]),
        ({ name }) => name,
      ),
      ([name, rows]) => ({
        olds: sortedByPosition(byName.get(name)?.map((i) => olds[i]) ?? [], base),
        news: sortedByPosition(
          rows.map((i) => news[i]),
          next,
        ),
      }),
    ).filter((group) => group.olds.length > 0);
    const moved = movement(
      groups
        .filter(({ olds, news }) => olds.length === 1 && news.length === 1)
        .map(({ olds, news }) => [positionOf(base[olds[0]]), positionOf(next[news[0]])]),
    );
    for (const group of groups) {
      const from = group.olds.map((row) => moved(positionOf(base[row])));
      const to = group.news.map((row) => positionOf(next[row]));
      pairByPosition(from, to).forEach((old, i) => {
        if (old >= 0) matches[group.news[i]] = group.olds[old];
      });
    }
  }
  return matches;
}

/** A column moves a function less than any line. */
const LINES_PER_COLUMN = 1e-7;

function positionOf({ line, column }: Placed): number {
  return Number(line) + Number(column) * LINES_PER_COLUMN;
}

function sortedByPosition(rows: number[], refs: readonly Placed[]): number[] {
  return rows.sort((a, b) => positionOf(refs[a]) - positionOf(refs[b]));
}

/** Returns the indices of the items with each key. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  items.forEach((item, i) => {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  });
  return groups;
}

/**
 * Pairs files: equal paths, and then paths with the longest common end, because another version may
 * be in another folder. Files without a counterpart are left out.
 */
function matchFiles(files: readonly string[], baseFiles: readonly string[]): [string, string][] {
  const isInBase = new Set(baseFiles);
  const isInNext = new Set(files);
  const pairs = files
    .filter((file) => isInBase.has(file))
    .map((file): [string, string] => [file, file]);
  const baseOf = (path: string) =>
    path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const left = (list: readonly string[], other: ReadonlySet<string>) =>
    list.filter((file) => file !== "" && !other.has(file));
  const news = left(files, isInBase);
  const olds = left(baseFiles, isInNext);
  const oldsByName = groupBy(olds, baseOf);
  for (const [name, rows] of groupBy(news, baseOf)) {
    const candidates = oldsByName.get(name)?.map((i) => olds[i]) ?? [];
    if (rows.length * candidates.length > MAX_PAIRS) continue;
    const scored = rows.flatMap((row) =>
      candidates.map((old) => ({ file: news[row], old, score: commonEnd(news[row], old) })),
    );
    scored.sort((a, b) => b.score - a.score);
    const used = new Set<string>();
    for (const { file, old } of scored) {
      if (used.has(`new ${file}`) || used.has(`old ${old}`)) continue;
      used.add(`new ${file}`).add(`old ${old}`);
      pairs.push([file, old]);
    }
  }
  return pairs;
}

function commonEnd(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

/**
 * Returns a function that moves a position as far as the nearest known function above it, or else
 * below it, has moved. `known` are pairs of old and new positions.
 */
function movement(known: [before: number, after: number][]): (position: number) => number {
  known.sort(([a], [b]) => a - b);
  return (position) => {
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle][0] <= position) low = middle + 1;
      else high = middle;
    }
    const [before, after] = known[low - 1] ?? known[0] ?? [0, 0];
    return position + after - before;
  };
}

/**
 * Pairs as many of two sorted lists as possible, in order, with the least sum of distances. Returns by
 * entry of `to` the index in `from`, or -1.
 */
function pairByPosition(from: readonly number[], to: readonly number[]): number[] {
  if (from.length > to.length) {
    const pairs = to.map(() => -1);
    pairAll(to, from).forEach((old, i) => {
      pairs[i] = old;
    });
    return pairs;
  }
  const pairs = to.map(() => -1);
  pairAll(from, to).forEach((at, old) => {
    pairs[at] = old;
  });
  return pairs;
}

/** Returns, by entry of the shorter list, the index of its partner in the longer list. */
function pairAll(short: readonly number[], long: readonly number[]): number[] {
  const spare = long.length - short.length;
  if (spare === 0 || short.length * (spare + 1) > MAX_PAIRS) return short.map((_, i) => i);
  // costs[i][skipped]: the least cost of the first i entries if `skipped` entries of the longer list
  // are left out before the next one.
  const width = spare + 1;
  const costs = new Float64Array((short.length + 1) * width);
  for (let i = 1; i <= short.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let skipped = 0; skipped <= spare; skipped++) {
      least = Math.min(least, costs[(i - 1) * width + skipped]);
      costs[i * width + skipped] = least + Math.abs(short[i - 1] - long[i - 1 + skipped]);
    }
  }
  const pairs: number[] = new Array(short.length);
  let most = spare;
  for (let i = short.length; i >= 1; i--) {
    let best = most;
    for (let skipped = most; skipped >= 0; skipped--) {
      if (costs[i * width + skipped] <= costs[i * width + best]) best = skipped;
    }
    pairs[i - 1] = i - 1 + best;
    most = best;
  }
  return pairs;
}
