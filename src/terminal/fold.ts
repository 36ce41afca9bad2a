import type { Int64 } from "../units/int64.js";

/** A part of a list of lines. */
export interface Fold {
  /** Indices of lines. */
  readonly start: number;
  readonly end: number;
  /** Nothing in it takes anything, nor does anything near it. */
  readonly isFolded: boolean;
}

/** How much of quiet lines is left. */
export interface FoldSettings {
  /** So many lines stay around those that take something, and at the beginning. */
  readonly context: number;
  /** Fewer lines are not folded away. */
  readonly least: number;
}

/** Divides lines into parts that are shown, and long quiet ones that are folded away. */
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
