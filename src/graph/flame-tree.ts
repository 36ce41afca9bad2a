import type { IndexColumn } from "../profile/columns.js";
import type { Index } from "../profile/indices.js";

/** Amounts of at least 0: doubles if all sums are safe integers, else BigInts of any size. */
export type Amounts = Float64Array | readonly bigint[];

/** Properties of a frame, as bits. */
export const FrameFlags = {
  /** Some calls were inlined into the caller. */
  inlined: 1,
  /** Some calls were not inlined. */
  called: 2,
  /** The callees of the frame were left out, so its flat value is not known. */
  cut: 4,
} as const;

/** The columns that determine a {@link FrameTree}. */
export interface FrameColumns {
  /** By frame, in depth-first order: the number of its callers, 0 only for frame 0, all samples. */
  readonly depths: Uint32Array;
  /** A combination of {@link FrameFlags}. */
  readonly flags: Uint8Array;
  /** The sum of the positive values of samples that end at the frame; of all samples if cut. */
  readonly selfPlus: Amounts;
  /** The same for the sizes of negative values; undefined if there are none. */
  readonly selfMinus: Amounts | undefined;
}

/** Stacks merged from their roots. */
export interface FrameTree extends FrameColumns {
  readonly length: number;
  /** The direct and indirect callees of frame `f` are the frames `(f, ends[f])`. */
  readonly ends: Uint32Array;
  /** The caller of each frame; -1 for frame 0. */
  readonly callers: Int32Array;
  /** The sum of the positive values of the frame and its callees. */
  readonly plus: Amounts;
  /** The same for the sizes of negative values; undefined if there are none. */
  readonly minus: Amounts | undefined;
}

/** A row of the table of functions that belongs to a flame graph; row 0 is all samples. */
export type FlameFunctionIndex = Index<"flame function">;

/** The columns that determine a {@link FlameTree}. */
export interface FlameColumns extends FrameColumns {
  /** The function of each frame, as a {@link FlameFunctionIndex}. */
  readonly functions: Uint32Array;
}

export interface FlameTree extends FrameTree {
  readonly functions: Uint32Array & IndexColumn<FlameFunctionIndex>;
}

/** Derives the other columns of a flame graph. */
export function flameTree(frames: FlameColumns): FlameTree {
  return withFunctions(frameTree(frames), frames.functions);
}

export function withFunctions(tree: FrameTree, functions: Uint32Array): FlameTree {
  return { ...tree, functions: functions as FlameTree["functions"] };
}

/** Derives the other columns of a tree. */
export function frameTree(frames: FrameColumns): FrameTree {
  const { depths, selfPlus, selfMinus } = frames;
  const length = depths.length;
  const callers = new Int32Array(length);
  const ends = new Uint32Array(length);
  /** The frames on the path from frame 0 to the current frame. */
  const open: number[] = [];
  for (let frame = 0; frame < length; frame++) {
    while (open.length > depths[frame]) ends[open.pop() as number] = frame;
    callers[frame] = open.length === 0 ? -1 : open[open.length - 1];
    open.push(frame);
  }
  for (const frame of open) ends[frame] = length;
  const plus = sumToCallers(selfPlus, callers);
  const minus = selfMinus && sumToCallers(selfMinus, callers);
  return { ...frames, length, ends, callers, plus, minus };
}

function sumToCallers(self: Amounts, callers: Int32Array): Amounts {
  // The same operators add numbers and BigInts.
  const sums = self.slice() as Float64Array;
  for (let frame = sums.length - 1; frame > 0; frame--) sums[callers[frame]] += sums[frame];
  return sums;
}

/** The start and the end of each frame on an axis whose length is the total. */
export interface Spans {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/**
 * Lays the frames out on an axis. The callees of a frame begin at its start; its own flat value
 * follows them. Negative values count by their size, times `minusScale`. The ends are running sums
 * of amounts that are never negative, so even with rounding no frame exceeds its caller.
 */
export function spansOf(tree: FrameTree, minusScale: number): Spans {
  const { length, depths, selfPlus, selfMinus, callers } = tree;
  const starts = new Float64Array(length);
  const ends = new Float64Array(length);
  let position = 0;
  const close = (frame: number) => {
    position += Number(selfPlus[frame]);
    if (selfMinus) position += Number(selfMinus[frame]) * minusScale;
    ends[frame] = position;
  };
  for (let frame = 0; frame < length; frame++) {
    starts[frame] = position;
    // If the next frame is not a callee, close this frame and all callers down to the next one's.
    const next = frame + 1 < length ? depths[frame + 1] : 0;
    for (let open = frame; open >= 0 && depths[open] >= next; open = callers[open]) close(open);
  }
  return { starts, ends };
}
