import type { TimelineLane } from "../../report/timeline.js";

/** The number of boxes whose colours are added up in advance. */
export const BLOCK = 16;

/**
 * Running sums over the boxes of a lane, block by block, so that the average colour of thousands of
 * boxes within a pixel costs no more than that of a few.
 */
export class BlockSums {
  /** Before each block: the sum of the lengths of boxes, and of these times red, green and blue. */
  readonly lengths: Float64Array;
  readonly reds: Float64Array;
  readonly greens: Float64Array;
  readonly blues: Float64Array;

  /** `fills` are the colours of functions as pixels. */
  constructor({ starts, ends, boxFunctions }: TimelineLane, fills: Uint32Array) {
    const count = Math.floor(starts.length / BLOCK) + 1;
    this.lengths = new Float64Array(count);
    this.reds = new Float64Array(count);
    this.greens = new Float64Array(count);
    this.blues = new Float64Array(count);
    let length = 0;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let block = 1; block < count; block++) {
      for (let box = (block - 1) * BLOCK; box < block * BLOCK; box++) {
        const own = ends[box] - starts[box];
        const fill = fills[boxFunctions[box]];
        length += own;
        red += own * (fill & 255);
        green += own * ((fill >>> 8) & 255);
        blue += own * ((fill >>> 16) & 255);
      }
      this.lengths[block] = length;
      this.reds[block] = red;
      this.greens[block] = green;
      this.blues[block] = blue;
    }
  }
}
