import type { Int64 } from "../units/int64.js";

/** A range of lines: `start` is the index of the first, `end` the index after the last. */
export interface Fold {
  readonly start: number;
  readonly end: number;
  /** Whether to hide the lines, as neither they nor their neighbors have values. */
  readonly isFolded: boolean;
}

export interface FoldSettings {
  /** The number of lines that stay visible before and after lines with values, and at the start. */
  readonly context: number;
  /** Shorter ranges stay visible. */
  readonly least: number;
}

/** Divides lines into ranges to show and long ranges without values to fold. */
export function fold(
  lines: readonly { readonly flat: Int64; readonly cum: Int64 }[],
  { context, least }: FoldSettings,
): Fold[] {
  const isNear = new Uint8Array(lines.length).fill(1, 0, context);
  lines.forEach(({ flat, cum }, i) => {
    if (flat !== 0 || cum !== 0) isNear.fill(1, Math.max(0, i - context), i + context + 1);
  });
  const parts: Fold[] = [];
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && isNear[end] === isNear[start]) end++;
    parts.push({ start, end, isFolded: isNear[start] === 0 && end - start >= least });
    start = end;
  }
  return parts;
}
