import { type FlameTree, FrameFlags, spansOf } from "../../graph/flame-tree.js";
import { withShare } from "../../render/flame/details.js";
import type { FrameAmounts } from "../../render/flame/frames.js";
import type { FlamePage } from "../../render/flame/page.js";
import { fullName } from "../../render/flame/short-name.js";
import type { FlameReport } from "../../report/flame.js";
import type { FlameFunction } from "../../report/flame-functions.js";
import type { FrameMarks } from "../../report/frame-marks.js";
import { type JoinedTrees, joinTrees } from "./join-trees.js";

/** The reports that a flame graph is drawn from. */
export interface FlameContent {
  /** All stacks; in a sandwich, the callees: the pivot is the only frame at depth 1. */
  readonly report: FlameReport;
  /** In a sandwich, the callers, starting at the pivot; drawn on the other side. */
  readonly callers?: FlameReport | undefined;
}

/** The side of a sandwich. Other graphs have only callees. */
export type Side = "callees" | "callers";

/** No frame, or no box. */
export const NONE = -1;

/**
 * The boxes of a flame graph, as columns sorted by level and from left to right. A frame is an
 * index into {@link tree}; a box is an index into the columns. Horizontal positions go from 0 to
 * 1. Building a scene takes linear time in the number of frames.
 */
export class Scene {
  /** The source of texts and colours. */
  readonly page: FlamePage;
  readonly tree: FlameTree;
  /** The binaries of frames or their values of a label, if the report has them. */
  readonly marks: FrameMarks | undefined;
  /** Whether this is a sandwich: a pivot between its callers and its callees. */
  readonly isPivot: boolean;
  readonly levels: number;
  /** The first box of each level, and the number of boxes as the last element. */
  readonly levelStarts: Uint32Array;
  /** By box: its frame, and its left and right edge. */
  readonly frames: Uint32Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** The box of each frame. */
  readonly #boxes: Int32Array;
  /** The first frame on the side of the callers; the number of frames if there are none. */
  readonly #split: number;
  /** The level of the pivot; 0 without one. */
  readonly #middle: number;
  /** The frame that covers the whole graph: the pivot, or the root of all stacks. */
  readonly root: number;
  /** The label of the root's box if it fits: its name and its value. */
  readonly rootLabel: string;
  /** The factor for the widths of negative values. */
  readonly minusScale: number;

  constructor({ report, callers }: FlameContent, scalesBase = false) {
    this.isPivot = callers !== undefined && report.tree.length > 1 && callers.tree.length > 1;
    const joined: JoinedTrees | undefined =
      this.isPivot && callers ? joinTrees(report, callers) : undefined;
    const tree = joined?.tree ?? report.tree;
    const { kind, format, total, cutFrames, grouping } = report;
    this.tree = tree;
    this.marks = joined?.marks ?? report.marks;
    this.page = {
      title: "",
      lines: [],
      kind,
      format,
      total,
      tree,
      functions: joined?.functions ?? report.functions,
      cutFrames: cutFrames + (joined ? (callers?.cutFrames ?? 0) : 0),
      grouping,
    };
    this.#split = joined?.split ?? tree.length;
    this.root = joined ? 1 : 0;
    this.minusScale = scaleOf(tree, scalesBase);
    const name = fullName(this.nameOf(this.root));
    this.rootLabel =
      kind === "plain" ? `${name}: ${withShare(this.page, tree.plus[this.root])}` : name;

    let deepest = 0;
    for (let frame = this.#split; frame < tree.length; frame++) {
      deepest = Math.max(deepest, tree.depths[frame] - 1);
    }
    this.#middle = deepest;
    this.#boxes = new Int32Array(tree.length).fill(NONE);
    const counts: number[] = [];
    for (let frame = 0; frame < tree.length; frame++) {
      if (!this.#isDrawn(frame)) continue;
      const level = this.#levelOfFrame(frame);
      counts[level] = (counts[level] ?? 0) + 1;
    }
    this.levels = counts.length;
    this.levelStarts = new Uint32Array(this.levels + 1);
    for (let level = 0; level < this.levels; level++) {
      this.levelStarts[level + 1] = this.levelStarts[level] + (counts[level] ?? 0);
    }
    const length = this.levelStarts[this.levels];
    this.frames = new Uint32Array(length);
    this.starts = new Float64Array(length);
    this.ends = new Float64Array(length);
    this.#placeBoxes();
  }

  /** Frames come depth first, so the frames of one level come from left to right. */
  #placeBoxes(): void {
    const { tree } = this;
    const spans = spansOf(tree, this.minusScale);
    const next = this.levelStarts.slice();
    const sides = [this.root, this.#split].map((root) => {
      const start = spans.starts[root] ?? 0;
      const length = (spans.ends[root] ?? 0) - start;
      return { start, scale: length > 0 ? 1 / length : 0 };
    });
    for (let frame = 0; frame < tree.length; frame++) {
      if (!this.#isDrawn(frame)) continue;
      const { start, scale } = sides[frame < this.#split ? 0 : 1];
      const box = next[this.#levelOfFrame(frame)]++;
      this.frames[box] = frame;
      this.starts[box] = (spans.starts[frame] - start) * scale;
      this.ends[box] = Math.min(1, (spans.ends[frame] - start) * scale);
      this.#boxes[frame] = box;
    }
    const rootBox = this.#boxes[this.root];
    this.starts[rootBox] = 0;
    this.ends[rootBox] = 1;
    if (this.isPivot) this.#boxes[this.#split] = rootBox;
  }

  /** The pivot is drawn once, and the root of a sandwich is not drawn. */
  #isDrawn(frame: number): boolean {
    return !this.isPivot || (frame !== 0 && frame !== this.#split);
  }

  #levelOfFrame(frame: number): number {
    const depth = this.tree.depths[frame];
    if (!this.isPivot) return depth;
    return frame < this.#split ? this.#middle + depth - 1 : this.#middle - (depth - 1);
  }

  get boxCount(): number {
    return this.frames.length;
  }

  boxOf(frame: number): number {
    return this.#boxes[frame];
  }

  levelOf(frame: number): number {
    return this.#levelOfFrame(frame);
  }

  startOf(frame: number): number {
    return this.starts[this.#boxes[frame]];
  }

  endOf(frame: number): number {
    return this.ends[this.#boxes[frame]];
  }

  functionOf(frame: number): FlameFunction {
    return this.page.functions[this.tree.functions[frame]];
  }

  nameOf(frame: number): string {
    return this.functionOf(frame).name;
  }

  isCaller(frame: number): boolean {
    return frame >= this.#split;
  }

  /** Returns the adjacent frame towards the root, or {@link NONE} for the root. */
  parentOf(frame: number): number {
    if (frame === this.root) return NONE;
    const parent = this.tree.callers[frame];
    return parent === this.#split ? this.root : parent;
  }

  /** Returns the adjacent frames away from the root, from left to right. */
  childrenOf(frame: number, side: Side = "callees"): number[] {
    const { ends } = this.tree;
    const from = side === "callers" && frame === this.root ? this.#split : frame;
    const found: number[] = [];
    for (let child = from + 1; child < (ends[from] ?? 0); child = ends[child]) found.push(child);
    return found;
  }

  /** Returns the direction of a frame's children: 1 for higher levels, -1 for lower ones. */
  directionOf(frame: number): 1 | -1 {
    return this.isCaller(frame) ? -1 : 1;
  }

  /** Returns the box at a position of a level, or the nearest one within `slack`. */
  boxAt(level: number, position: number, slack: number): number {
    if (level < 0 || level >= this.levels) return NONE;
    const end = this.levelStarts[level + 1];
    const box = this.firstEndingBehind(level, position);
    if (box < end && this.starts[box] <= position) return box;
    const before = box - 1 >= this.levelStarts[level] ? position - this.ends[box - 1] : slack + 1;
    const behind = box < end ? this.starts[box] - position : slack + 1;
    if (Math.min(before, behind) > slack) return NONE;
    return before < behind ? box - 1 : box;
  }

  /** Returns the first box of a level that ends after a position, or else of the next level. */
  firstEndingBehind(level: number, position: number): number {
    let low = this.levelStarts[level];
    let high = this.levelStarts[level + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ends[middle] > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Returns the names of the frames from the root, exclusive, to `frame`. */
  pathOf(frame: number): string[] {
    const path: string[] = [];
    for (let at = frame; at !== this.root && at !== NONE; at = this.parentOf(at)) {
      path.push(this.nameOf(at));
    }
    return path.reverse();
  }

  /** Returns the last frame of a path that exists. */
  follow(path: readonly string[], side: Side = "callees"): number {
    let frame = this.root;
    for (const name of path) {
      const next = this.childrenOf(frame, side).find((child) => this.nameOf(child) === name);
      if (next === undefined) break;
      frame = next;
    }
    return frame;
  }

  /** Returns whether `inner` is `frame` or one of its descendants. */
  covers(frame: number, inner: number): boolean {
    if (frame === this.root) return true;
    return inner >= frame && inner < this.tree.ends[frame];
  }

  amounts(frame: number): FrameAmounts {
    const { plus, minus, selfPlus, selfMinus, flags } = this.tree;
    const isKnown = !this.isCaller(frame) && (flags[frame] & FrameFlags.cut) === 0;
    return {
      plus: plus[frame],
      minus: minus?.[frame] ?? 0,
      own: isKnown ? { plus: selfPlus[frame], minus: selfMinus?.[frame] ?? 0 } : undefined,
      flags: flags[frame],
    };
  }
}

function scaleOf({ plus, minus }: FlameTree, scalesBase: boolean): number {
  const base = Number(minus?.[0] ?? 0);
  return scalesBase && base > 0 ? Number(plus[0]) / base : 1;
}
