/**
 * Amounts, none below 0: doubles while all of their sums are safe integers, BigInts
 * otherwise. Nothing wraps: a sum may need more than 64 bits.
 */
export type Amounts = Float64Array | readonly bigint[];

/** What is told of a frame besides its place and its amounts, as bits. */
export const FrameFlags = {
  /** Some calls were inlined into the caller. */
  inlined: 1,
  /** Some calls were not. */
  called: 2,
  /** What it calls was left out, so that its own share is not known. */
  cut: 4,
} as const;

/** The columns that make a {@link FlameTree}. */
export interface FlameFrames {
  /**
   * How many callers a frame has below it. Frames come depth first, each before what it
   * calls; frame 0 stands for everything and is the only one of depth 0.
   */
  readonly depths: Uint32Array;
  /** What a frame is a context of; what the numbers stand for is the user's to know. */
  readonly places: Uint32Array;
  /** {@link FrameFlags} or-ed together. */
  readonly flags: Uint8Array;
  /**
   * What ends at a frame: the sum of the samples above 0, and the sum of the sizes of
   * those below, which only comparisons have. Of a frame that is cut, all that is left out is its own.
   */
  readonly selfPlus: Amounts;
  readonly selfMinus: Amounts | undefined;
}

/** Stacks merged from their roots: the frames of a flame graph. */
export interface FlameTree extends FlameFrames {
  readonly length: number;
  /** The frames called from frame `f`, however indirectly, are `(f, ends[f])`. */
  readonly ends: Uint32Array;
  /** -1 for frame 0. */
  readonly callers: Int32Array;
  /** What a frame takes with all that it calls. */
  readonly plus: Amounts;
  readonly minus: Amounts | undefined;
}

/** Works out what follows from the columns. */
export function flameTree(frames: FlameFrames): FlameTree {
  const { depths, selfPlus, selfMinus } = frames;
  const length = depths.length;
  const callers = new Int32Array(length);
  const ends = new Uint32Array(length);
  /** By depth, the last frame seen; those of one stack at any time. */
  const open: number[] = [];
  for (let frame = 0; frame < length; frame++) {
    while (open.length > depths[frame]) ends[open.pop() as number] = frame;
    callers[frame] = open.length === 0 ? -1 : open[open.length - 1];
    open.push(frame);
  }
  for (const frame of open) ends[frame] = length;
  const plus = sumUp(selfPlus, callers);
  const minus = selfMinus && sumUp(selfMinus, callers);
  return { ...frames, length, ends, callers, plus, minus };
}

function sumUp(self: Amounts, callers: Int32Array): Amounts {
  // Both kinds of columns add alike.
  const sums = self.slice() as Float64Array;
  for (let frame = sums.length - 1; frame > 0; frame--) sums[callers[frame]] += sums[frame];
  return sums;
}

/** Where frames begin and end, on a line as long as everything. */
export interface Spans {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/**
 * Lays what each frame takes side by side on a line: what it calls from its start on,
 * and what ends there itself behind that. What is below 0 counts by its size, times
 * `minusScale`. Ends of frames are running sums of what is never negative, so that however
 * they are rounded none begins before its caller, or ends behind it.
 */
export function spansOf(tree: FlameTree, minusScale: number): Spans {
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
    // What comes next is called from here, or all down to its caller ends here.
    const next = frame + 1 < length ? depths[frame + 1] : 0;
    for (let open = frame; open >= 0 && depths[open] >= next; open = callers[open]) close(open);
  }
  return { starts, ends };
}
