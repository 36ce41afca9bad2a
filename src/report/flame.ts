import { UserError, usageError } from "../errors/user-error.js";
import { buildFlame } from "../graph/flame-builder.js";
import { type FlameTree, FrameFlags, type FrameTree, withFunctions } from "../graph/flame-tree.js";
import { maskOf } from "../graph/mask.js";
import type { NodeColumns, StackWalk } from "../graph/stack-rows.js";
import { type IndexColumn, indexColumn, isZeroAt } from "../profile/columns.js";
import type { SampleIndex } from "../profile/indices.js";
import { compareUtf8 } from "../profile/utf8.js";
import type { Int64 } from "../units/int64.js";
import { isGrouped, NO_NODE, type NodeIndex, type NodeTable } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import { baseSamples, type SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import {
  binariesOf,
  describeFunctions,
  type FlameFunction,
  type Grouping,
  groupingOf,
} from "./flame-functions.js";
import { type FrameMarks, type MarkedBy, marksOfLabel, marksOfNodes } from "./frame-marks.js";
import type { ReportInput } from "./input.js";
import { type ProfileLegend, profileLegend } from "./legend.js";
import type { ValueFormat } from "./value-format.js";

/**
 * The meaning of positive and negative values. `plain`: there are no negative values. `compared`:
 * the samples of a marked base are negative. `signed`: any other difference.
 */
export type FlameKind = "plain" | "compared" | "signed";

export interface FlameReport {
  readonly legend: ProfileLegend;
  readonly activeFilters: readonly string[];
  readonly kind: FlameKind;
  readonly format: ValueFormat;
  readonly total: Int64;
  /** The functions of {@link tree}. Function 0 is all samples. */
  readonly functions: readonly FlameFunction[];
  readonly tree: FlameTree;
  /** The number of frames whose callees were left out because there are too many frames. */
  readonly cutFrames: number;
  /** The parts of code that have colours by default. */
  readonly grouping: Grouping;
  /** Set if the request asks for them. */
  readonly marks?: FrameMarks | undefined;
}

/** The approximate maximum number of frames. A file with this many has a few megabytes. */
export const MAX_FRAMES = 250_000;

export interface FlameLimits {
  /** The approximate maximum number of frames. */
  readonly limit?: number;
  readonly markedBy?: MarkedBy | undefined;
}

/** Merges the stacks into a flame graph. */
export function flame(input: ReportInput, limits: FlameLimits = {}): FlameReport {
  rejectMeans(input);
  const nodes = buildNodes(input.view, input.nodes);
  return makeFlameReport(input, nodes, nodes, limits);
}

/**
 * Merges the stacks from their leaves: frames at depth 1 are the functions with a flat value, and
 * the callees of a frame are its callers. A value is the part of the flat value at depth 1 that
 * belongs to calls through this path.
 */
export function invertedFlame(input: ReportInput, limits: FlameLimits = {}): FlameReport {
  rejectMeans(input);
  const nodes = buildNodes(input.view, input.nodes);
  const walk = { direction: "callers", ...leafPositions(input.view, nodes) } as const;
  return makeFlameReport(input, nodes, nodes, limits, walk);
}

/** The callers and callees of a function, which is the only frame at depth 1 of both trees. */
export interface SandwichReport {
  /** The inverted tree: the callees of a frame are the callers of its function. */
  readonly callers: FlameReport;
  readonly callees: FlameReport;
}

/**
 * Merges the callers and callees of a function in two trees. `isPivot` recognizes its name; several
 * matches are shown as one function named `label`. The outermost call in each sample counts. Throws
 * a UserError if no sample contains it.
 */
export function sandwich(
  input: ReportInput,
  isPivot: (name: string) => boolean,
  limits: FlameLimits = {},
  label?: string,
): SandwichReport {
  rejectMeans(input);
  const { view, value } = input;
  const nodes = buildNodes(view, input.nodes);
  const members = nodesNamed(nodes, isPivot);
  const found = outermostPositions(view, nodes, maskOf(nodes.length, members));
  const counts = found.locations.some((at, sample) => at >= 0 && !isZeroAt(value.values, sample));
  if (!counts) throw new UserError("no selected sample contains this function");
  // Merge all matching nodes into one.
  const merged = new Uint32Array(nodes.locationNodes);
  const isMember = maskOf(nodes.length, members);
  for (let i = 0; i < merged.length; i++) if (isMember[merged[i]]) merged[i] = members[0];
  const columns = {
    length: nodes.length,
    locationOffsets: nodes.locationOffsets,
    locationNodes: indexColumn<NodeIndex>(merged),
  };
  const part = (direction: StackWalk["direction"]) =>
    renamePivot(makeFlameReport(input, nodes, columns, limits, { direction, ...found }), label);
  const callees = part("callees");
  const callers = part("callers");
  // Only the tree of callees shows whether the function was inlined; copy that to the other.
  callers.tree.flags[1] =
    (callers.tree.flags[1] & FrameFlags.cut) | (callees.tree.flags[1] & ~FrameFlags.cut);
  return { callers, callees };
}

/** Renames the function of the only frame at depth 1. */
function renamePivot(report: FlameReport, label: string | undefined): FlameReport {
  if (label === undefined) return report;
  const pivot = report.tree.functions[1];
  const renamed = report.functions.with(pivot, { name: label, file: "", group: "" });
  return { ...report, functions: renamed };
}

function rejectMeans({ value }: ReportInput): void {
  if (!value.divisors) return;
  throw usageError("a flame graph needs sums of values, not means; leave out -mean");
}

function nodesNamed(nodes: NodeTable, isPivot: (name: string) => boolean): NodeIndex[] {
  const members: NodeIndex[] = [];
  for (let node = 0 as NodeIndex; node < nodes.length; node++) {
    if (isPivot(nodes.name(node))) members.push(node);
  }
  return members;
}

/** Finds the outermost node with a 1 in `wanted` on the stack of each sample. */
function outermostPositions(
  view: View,
  { locationOffsets, locationNodes }: NodeTable,
  wanted: Uint8Array,
): Pick<StackWalk, "locations" | "nodes"> {
  const { stackStart, stackEnd, samples } = view;
  const { stackLocations } = view.profile.samples;
  /** By location: the position of its outermost wanted node, or -1. */
  const positions = new Int32Array(locationOffsets.length - 1).fill(-1);
  for (let location = 0; location < positions.length; location++) {
    const end = locationOffsets[location + 1];
    for (let i = locationOffsets[location]; i < end; i++) {
      if (wanted[locationNodes[i]]) positions[location] = i;
    }
  }
  const locations = new Int32Array(samples.length).fill(-1);
  const nodes = new Int32Array(samples.length).fill(-1);
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    const start = stackStart[sample];
    for (let i = stackEnd[sample] - 1; i >= start; i--) {
      const position = positions[stackLocations[i]];
      if (position < 0) continue;
      locations[sample] = i;
      nodes[sample] = position;
      break;
    }
  }
  return { locations, nodes };
}

/** Finds the innermost node on the stack of each sample. */
function leafPositions(
  { stackStart, stackEnd, samples, profile }: View,
  { locationOffsets }: NodeTable,
): Pick<StackWalk, "locations" | "nodes"> {
  const { stackLocations } = profile.samples;
  const locations = new Int32Array(samples.length).fill(-1);
  const nodes = new Int32Array(samples.length).fill(-1);
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    for (let i = stackStart[sample]; i < stackEnd[sample]; i++) {
      const location = stackLocations[i];
      if (locationOffsets[location] === locationOffsets[location + 1]) continue;
      locations[sample] = i;
      nodes[sample] = locationOffsets[location];
      break;
    }
  }
  return { locations, nodes };
}

/** Makes the report for whole stacks or the parts in `walk`. `columns` are the nodes on stacks. */
function makeFlameReport(
  input: ReportInput,
  nodes: NodeTable,
  columns: NodeColumns,
  { limit = MAX_FRAMES, markedBy }: FlameLimits,
  walk?: StackWalk,
): FlameReport {
  const { view, value, total, activeFilters } = input;
  const built = buildFlame(view, columns, value.values, {
    limit,
    compareNodes: (a, b) => compareUtf8(nodes.name(a), nodes.name(b)),
    joinsRepeats: isGrouped(input.nodes.granularity),
    ...(walk && { walk }),
  });
  const { tree, cutFrames } = built;
  const { functions, used } = numberFunctions(built.nodes, nodes.length);
  return {
    legend: profileLegend(view.profile, value, total),
    activeFilters,
    kind: flameKind(view, value, tree),
    format: {
      from: value.unit,
      // Users look at single frames, so each value may have a unit of its own.
      to: input.unit === "minimum" ? "auto" : input.unit,
      ratio: input.ratio,
    },
    total,
    functions: [ALL_SAMPLES, ...describeFunctions(view, nodes, input.nodes, used).functions],
    tree: withFunctions(tree, functions),
    cutFrames,
    grouping: groupingOf(view.profile, input.nodes.ownPackages),
    ...(markedBy && { marks: makeMarks() }),
  };

  function makeMarks(): FrameMarks {
    if (markedBy !== "binary")
      return marksOfLabel(view, value.values, built, markedBy?.label ?? "");
    const binaries = binariesOf(view, nodes, input.nodes, used);
    return marksOfNodes(built, new Map(used.map((node, i) => [node, binaries[i]])));
  }
}

const ALL_SAMPLES: FlameFunction = { name: "all", file: "", group: "" };

/**
 * Numbers the nodes of frames from 1 in the order in which frames have them. Returns the number of
 * each frame (0 for frame 0) and the nodes in the order of their numbers.
 */
function numberFunctions(
  frameNodes: IndexColumn<NodeIndex>,
  nodeCount: number,
): { functions: Uint32Array; used: NodeIndex[] } {
  const numbers = new Uint32Array(nodeCount);
  const used: NodeIndex[] = [];
  const functions = new Uint32Array(frameNodes.length);
  for (let frame = 0; frame < functions.length; frame++) {
    const node = frameNodes[frame];
    if (node === NO_NODE) continue;
    if (numbers[node] === 0) numbers[node] = used.push(node);
    functions[frame] = numbers[node];
  }
  return { functions, used };
}

function flameKind(view: View, { values }: SampleValue, tree: FrameTree): FlameKind {
  const isBase = baseSamples(view);
  if (!isBase) return tree.minus ? "signed" : "plain";
  // If the profiles have negative values of their own, the sign does not identify the base.
  for (let sample = 0 as SampleIndex; sample < values.length; sample++) {
    if (!view.samples[sample]) continue;
    if (isBase(sample) ? values[sample] > 0 : values[sample] < 0) return "signed";
  }
  return "compared";
}
