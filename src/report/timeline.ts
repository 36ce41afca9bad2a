import { UserError } from "../errors/user-error.js";
import { NO_FRAME, type StackTree, stackTree } from "../graph/stack-tree.js";
import type { Int64 } from "../units/int64.js";
import { isGrouped, type NodeIndex } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import { CATEGORIES, type Category } from "../view/packages.js";
import { totalValue } from "../view/sample-value.js";
import { NO_CATEGORY, sampleCategories } from "./categories.js";
import {
  describeFunctions,
  type FlameFunction,
  type Grouping,
  groupingOf,
} from "./flame-functions.js";
import type { ReportInput } from "./input.js";
import { TimelineBoxes, type TimelineRows } from "./timeline-boxes.js";
import { type ObservedLane, type ObservedLanes, observedLanes } from "./timeline-lanes.js";
import type { ValueFormat } from "./value-format.js";

/** The stacks of each thread in the order of time. Times are nanoseconds since the recording began. */
export interface TimelineReport {
  /** The beginning and the end of the recording, whatever the filters select. */
  readonly start: number;
  readonly end: number;
  /** The part of the recording that the boxes are from. */
  readonly from: number;
  readonly to: number;
  /**
   * 0 if the boxes are exact. Else there were too many boxes: in each interval of this many
   * nanoseconds, the longest observation represents the others.
   */
  readonly resolution: number;
  readonly functions: readonly FlameFunction[];
  /** By function: the category of its code, and the time during which it was on a stack. */
  readonly categories: readonly Category[];
  readonly times: Float64Array;
  /** The parts of code that have colours by default. */
  readonly grouping: Grouping;
  readonly lanes: readonly TimelineLane[];
  readonly activity: Activity;
}

/** A thread with its boxes. The functions of boxes are rows of {@link TimelineReport.functions}. */
export interface TimelineLane extends TimelineRows {
  readonly name: string;
  /** The process and the numbers of the thread; may be empty. */
  readonly detail: string;
  /** The shares of the recording in which the thread was not idle, and collected garbage. */
  readonly busy: number;
  readonly gc: number;
}

/**
 * The number of threads that run code, the engine's own program, or the garbage collector, on
 * average over each of {@link ACTIVITY_STEPS} equal parts of the recording.
 */
export interface Activity {
  readonly code: Float64Array;
  readonly program: Float64Array;
  readonly gc: Float64Array;
}

/** More than the pixels of most screens. */
const ACTIVITY_STEPS = 2048;

export interface TimelineRequest {
  /** The maximum number of boxes. */
  readonly limit: number;
  /** The part of the recording to return, in nanoseconds; all of it by default. */
  readonly from?: number;
  readonly to?: number;
}

/**
 * Makes the timeline of a view. Throws a UserError if the times of its samples are unknown. The
 * numbers of functions and lanes do not depend on the requested part.
 */
export function timeline(input: ReportInput, request: TimelineRequest): TimelineReport {
  const { view, value } = input;
  const { observations } = view.profile;
  if (!observations) {
    throw new UserError("a timeline needs the times of samples, which this profile does not have");
  }
  const observed = observedLanes(view.profile, observations, value.index);
  const nodes = buildNodes(view, input.nodes);
  const tree = stackTree(view, nodes, isGrouped(input.nodes.granularity));
  const { used, functionOf } = numberFunctions(tree, nodes.length);
  const functions = describeFunctions(view, nodes, input.nodes, used);
  const { from = observed.start, to = observed.end } = request;
  const { resolution, rows } = makeRows(observed, tree, functionOf, { ...request, from, to });
  const usage = measureUsage(observed, tree, sampleCategories(view));
  return {
    start: observed.start,
    end: observed.end,
    from,
    to,
    resolution,
    ...functions,
    grouping: groupingOf(view.profile, input.nodes.ownPackages),
    times: functionTimes(tree, functionOf, used.length, usage.own),
    lanes: observed.lanes.map(({ name, detail }, lane) => ({
      name,
      detail,
      ...usage.lanes[lane],
      ...rows[lane],
    })),
    activity: usage.activity,
  };
}

/** The sum of the values that a view selects, as its reports print it, and the total. */
export interface SelectedTotal {
  readonly selected: Int64;
  readonly total: Int64;
  readonly format: ValueFormat;
}

export function selectedTotal({ view, value, total, unit, ratio }: ReportInput): SelectedTotal {
  return {
    selected: totalValue(view, value),
    total,
    format: { from: value.unit, to: unit === "minimum" ? "auto" : unit, ratio },
  };
}

/** Numbers the nodes of frames in the order in which frames have them. */
function numberFunctions(tree: StackTree, nodeCount: number) {
  const used: NodeIndex[] = [];
  const numbers = new Int32Array(nodeCount).fill(-1);
  const functionOf = new Uint32Array(tree.length);
  for (let frame = 0; frame < tree.length; frame++) {
    const node = tree.nodes[frame];
    if (numbers[node] < 0) numbers[node] = used.push(node) - 1;
    functionOf[frame] = numbers[node];
  }
  return { used, functionOf };
}

/** The numbers of intervals to try if the exact boxes are too many; each is half of the one before. */
const MAX_STEPS = 2 ** 18;
const MIN_STEPS = 2 ** 4;

/** Makes the boxes of all lanes, with a resolution that keeps their number below the limit. */
function makeRows(
  { lanes, start }: ObservedLanes,
  tree: StackTree,
  functionOf: Uint32Array,
  { from, to, limit }: Required<TimelineRequest>,
): { resolution: number; rows: TimelineRows[] } {
  for (let steps = 2 * MAX_STEPS; steps >= MIN_STEPS; steps /= 2) {
    const resolution = steps > MAX_STEPS ? 0 : Math.max(1, (to - from) / steps);
    let left = limit;
    const rows: TimelineRows[] = [];
    for (const lane of lanes) {
      const boxes = new TimelineBoxes(tree, functionOf, left);
      if (resolution === 0) addExactly(boxes, lane, tree.leaves, from, to);
      else addLongest(boxes, lane, tree.leaves, from, to, start, resolution);
      if (boxes.exceedsLimit) break;
      left -= boxes.length;
      rows.push(boxes.finish());
    }
    if (rows.length === lanes.length) return { resolution, rows };
  }
  throw new UserError("the stacks are too deep for a timeline; try -show_from or -focus");
}

function addExactly(
  boxes: TimelineBoxes,
  { samples, starts, ends }: ObservedLane,
  leaves: Int32Array,
  from: number,
  to: number,
): void {
  for (let at = firstAbove(ends, from); at < starts.length && starts[at] < to; at++) {
    if (boxes.exceedsLimit) return;
    boxes.add(starts[at], ends[at], leaves[samples[at]]);
  }
}

/** Adds the longest observation that begins in each interval, for as long as all of them together. */
function addLongest(
  boxes: TimelineBoxes,
  { samples, starts, ends }: ObservedLane,
  leaves: Int32Array,
  from: number,
  to: number,
  origin: number,
  resolution: number,
): void {
  let interval = -1;
  let start = 0;
  let sum = 0;
  let longest = 0;
  let leaf = NO_FRAME;
  for (let at = firstAbove(ends, from); at < starts.length && starts[at] < to; at++) {
    if (boxes.exceedsLimit) return;
    const length = ends[at] - starts[at];
    if (leaves[samples[at]] === NO_FRAME || length <= 0) continue;
    const own = Math.floor((starts[at] - origin) / resolution);
    if (own !== interval) {
      boxes.add(start, start + sum, leaf);
      interval = own;
      start = starts[at];
      sum = 0;
      longest = 0;
    }
    sum += length;
    if (length <= longest) continue;
    longest = length;
    leaf = leaves[samples[at]];
  }
  boxes.add(start, start + sum, leaf);
}

/** Returns the first index of a sorted column with a value above `limit`. */
function firstAbove(column: Float64Array, limit: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Usage {
  readonly lanes: readonly Pick<TimelineLane, "busy" | "gc">[];
  readonly activity: Activity;
  /** By frame: the time during which it was the innermost one. */
  readonly own: Float64Array;
}

/** Adds up the time of the selected observations, by lane, step of the recording, and frame. */
function measureUsage(
  { lanes, start, end }: ObservedLanes,
  { leaves, length }: StackTree,
  categories: Uint8Array,
): Usage {
  const step = (end - start) / ACTIVITY_STEPS;
  const column = () => new Float64Array(ACTIVITY_STEPS);
  const activity = { code: column(), program: column(), gc: column() };
  const ofCategory = (category: Category) => {
    if (category === "idle") return undefined;
    if (category === "GC") return activity.gc;
    return category === "program" || category === "compiler" ? activity.program : activity.code;
  };
  const columns = CATEGORIES.map(ofCategory);
  const own = new Float64Array(length);
  const shares = lanes.map(({ samples, starts, ends }) => {
    let busy = 0;
    let gc = 0;
    for (let at = 0; at < samples.length; at++) {
      const leaf = leaves[samples[at]];
      const category = categories[samples[at]];
      if (leaf === NO_FRAME || category === NO_CATEGORY) continue;
      const time = ends[at] - starts[at];
      own[leaf] += time;
      const active = columns[category];
      if (!active) continue;
      busy += time;
      if (active === activity.gc) gc += time;
      addTime(active, (starts[at] - start) / step, (ends[at] - start) / step);
    }
    return { busy: busy / (end - start), gc: gc / (end - start) };
  });
  return { lanes: shares, activity, own };
}

/** Adds the part of each step that lies between two positions, which are counted in steps. */
function addTime(column: Float64Array, from: number, to: number): void {
  for (let step = Math.floor(from); step < to && step < column.length; step++) {
    column[step] += Math.min(to, step + 1) - Math.max(from, step);
  }
}

/** Returns by function: the time during which it was on the stack; frames of recursion add up. */
function functionTimes(
  { length, callers }: StackTree,
  functionOf: Uint32Array,
  functionCount: number,
  own: Float64Array,
): Float64Array {
  const whole = own.slice();
  const times = new Float64Array(functionCount);
  for (let frame = length - 1; frame >= 0; frame--) {
    times[functionOf[frame]] += whole[frame];
    if (callers[frame] !== NO_FRAME) whole[callers[frame]] += whole[frame];
  }
  return times;
}
