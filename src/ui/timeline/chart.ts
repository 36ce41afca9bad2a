import type { TimelineLane, TimelineReport } from "../../report/timeline.js";

/** The heights of rows and of the headers of lanes, in CSS pixels. */
export const ROW_HEIGHT = 19;
export const HEADER_HEIGHT = 24;
/** A folded lane shows the outermost calls in rows without names. */
const FOLDED_ROW_HEIGHT = 3;
const MAX_FOLDED_ROWS = 10;
/** The space below a lane. */
const LANE_GAP = 6;

/** No box, or no lane. */
export const NONE = -1;

/** A box of a lane, as a position in the columns of the lane. */
export interface BoxRef {
  readonly lane: number;
  readonly row: number;
  readonly box: number;
}

/** A lane with its position. Vertical positions are CSS pixels from the top of all lanes. */
export interface PlacedLane {
  readonly top: number;
  readonly bottom: number;
  /** The number of rows that are drawn, and their height. */
  readonly rows: number;
  readonly rowHeight: number;
  readonly isFolded: boolean;
}

/** The boxes of a timeline, and where they are drawn. Times are in nanoseconds. */
export class Chart {
  readonly report: TimelineReport;
  readonly placed: readonly PlacedLane[];
  readonly height: number;

  /** `folded` are the lanes with low rows. */
  constructor(report: TimelineReport, folded: ReadonlySet<number>) {
    this.report = report;
    let top = 0;
    this.placed = report.lanes.map((lane, number) => {
      const isFolded = folded.has(number);
      const rows = Math.min(rowCount(lane), isFolded ? MAX_FOLDED_ROWS : Number.MAX_VALUE);
      const rowHeight = isFolded ? FOLDED_ROW_HEIGHT : ROW_HEIGHT;
      const bottom = top + HEADER_HEIGHT + Math.max(ROW_HEIGHT, rows * rowHeight) + LANE_GAP;
      const placed = { top, bottom, rows, rowHeight, isFolded };
      top = bottom;
      return placed;
    });
    this.height = top;
  }

  get length(): number {
    return this.report.end - this.report.start;
  }

  laneOf(number: number): TimelineLane {
    return this.report.lanes[number];
  }

  /** Returns the lane at a vertical position, or {@link NONE}. */
  laneAt(y: number): number {
    if (y < 0 || y >= this.height) return NONE;
    let low = 0;
    let high = this.placed.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.placed[middle].bottom > y) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Returns the box at a time and a vertical position, or the nearest one within `slack`. */
  boxAt(time: number, y: number, slack: number): BoxRef | undefined {
    const lane = this.laneAt(y);
    if (lane === NONE) return undefined;
    const { top, rows, rowHeight } = this.placed[lane];
    const row = Math.floor((y - top - HEADER_HEIGHT) / rowHeight);
    if (row < 0 || row >= rows) return undefined;
    return this.nearest(lane, row, time, slack);
  }

  /** Returns the box of a row that is nearest to a time, if it is within `slack`. */
  nearest(lane: number, row: number, time: number, slack: number): BoxRef | undefined {
    const { offsets, starts, ends } = this.laneOf(lane);
    const box = firstEndingBehind(this.laneOf(lane), row, time);
    const before = box > offsets[row] ? time - ends[box - 1] : Number.POSITIVE_INFINITY;
    const behind =
      box < offsets[row + 1] ? Math.max(0, starts[box] - time) : Number.POSITIVE_INFINITY;
    if (!(Math.min(before, behind) <= slack)) return undefined;
    return { lane, row, box: before < behind ? box - 1 : box };
  }

  startOf({ lane, box }: BoxRef): number {
    return this.laneOf(lane).starts[box];
  }

  endOf({ lane, box }: BoxRef): number {
    return this.laneOf(lane).ends[box];
  }

  functionOf({ lane, box }: BoxRef): number {
    return this.laneOf(lane).boxFunctions[box];
  }

  topOf({ lane, row }: BoxRef): number {
    const { top, rowHeight } = this.placed[lane];
    return top + HEADER_HEIGHT + row * rowHeight;
  }

  /** Returns the box of the caller, or undefined for a root. */
  callerOf(at: BoxRef): BoxRef | undefined {
    if (at.row === 0) return undefined;
    return this.nearest(at.lane, at.row - 1, (this.startOf(at) + this.endOf(at)) / 2, 0);
  }

  /** Returns the functions of the callers, outermost first. */
  pathOf(at: BoxRef): number[] {
    const path: number[] = [];
    for (let up = this.callerOf(at); up; up = this.callerOf(up)) path.push(this.functionOf(up));
    return path.reverse();
  }

  /** Returns the box in a direction, which may be in a neighbouring lane; `at` if there is none. */
  neighbour(at: BoxRef, direction: "up" | "down" | "left" | "right"): BoxRef {
    const { lane, row, box } = at;
    const { offsets } = this.laneOf(lane);
    if (direction === "left") return box > offsets[row] ? { lane, row, box: box - 1 } : at;
    if (direction === "right") return box + 1 < offsets[row + 1] ? { lane, row, box: box + 1 } : at;
    if (direction === "up") return this.callerOf(at) ?? this.#beside(at, -1);
    if (row + 1 < rowCount(this.laneOf(lane))) {
      const below = this.nearest(
        lane,
        row + 1,
        this.startOf(at),
        this.endOf(at) - this.startOf(at),
      );
      if (below && this.startOf(below) < this.endOf(at)) return below;
    }
    return this.#beside(at, 1);
  }

  /** Returns the root that is nearest in time in the next lane with boxes. */
  #beside(at: BoxRef, step: 1 | -1): BoxRef {
    for (let lane = at.lane + step; this.placed[lane]; lane += step) {
      if (rowCount(this.laneOf(lane)) === 0) continue;
      return this.nearest(lane, 0, this.startOf(at), Number.MAX_VALUE) ?? at;
    }
    return at;
  }

  /** Returns the first box of the first lane with boxes; undefined if all are empty. */
  get first(): BoxRef | undefined {
    const lane = this.report.lanes.findIndex((one) => rowCount(one) > 0);
    return lane < 0 ? undefined : { lane, row: 0, box: 0 };
  }
}

export function rowCount({ offsets }: TimelineLane): number {
  return offsets.length - 1;
}

/** Returns the first box of a row that ends behind a time, or the end of the row. */
export function firstEndingBehind(lane: TimelineLane, row: number, time: number): number {
  const { offsets, ends } = lane;
  let low = offsets[row];
  let high = offsets[row + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle] > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
