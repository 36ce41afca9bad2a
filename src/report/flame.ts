import { UserError, usageError } from "../errors/user-error.js";
import { buildFlame, type NodeColumns, type StackWalk } from "../graph/flame-builder.js";
import { type FlameTree, FrameFlags } from "../graph/flame-tree.js";
import { maskOf } from "../graph/mask.js";
import { isZeroAt } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import { compareUtf8 } from "../profile/utf8.js";
import type { Int64 } from "../units/int64.js";
import { buildNodes, type NodeOptions, type NodeTable } from "../view/nodes.js";
import { basePath, cleanPath, trimSourcePath } from "../view/paths.js";
import { baseSamples, type SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import type { ReportInput } from "./input.js";
import { type ProfileLegend, profileLegend } from "./legend.js";
import { packageOf } from "./package.js";
import type { ValueFormat } from "./value-format.js";

/** What frames of a flame graph are contexts of. */
export interface FlamePlace {
  readonly name: string;
  /** The file it is in, as far as it is known and not in the name; of several one. */
  readonly file: string;
  /** What its code belongs to: a package, a namespace, a module, a folder; may be empty. */
  readonly group: string;
}

/**
 * What values above and below 0 are: parts of a profile that has none below; what was
 * and what is now, in a comparison with a marked base; else just growth and shrinkage.
 */
export type FlameKind = "plain" | "compared" | "signed";

export interface FlameReport {
  readonly legend: ProfileLegend;
  readonly activeFilters: readonly string[];
  readonly kind: FlameKind;
  readonly format: ValueFormat;
  /** What percentages are shares of. */
  readonly total: Int64;
  /** The places of {@link tree}; 0 stands for everything. */
  readonly places: readonly FlamePlace[];
  readonly tree: FlameTree;
  /** How many frames have callees that were left out, because there are too many frames. */
  readonly cutFrames: number;
}

/** About how many frames are kept: a file with so many has a few megabytes. */
export const MAX_FRAMES = 250_000;

/** Merges the stacks to a flame graph of at most about `limit` frames. */
export function flame(input: ReportInput, limit = MAX_FRAMES): FlameReport {
  checkSums(input);
  const nodes = buildNodes(input.view, input.nodes);
  return flameOf(input, nodes, nodes, limit);
}

/** What calls a place and what it calls; both trees have it as their only frame of depth 1. */
export interface SandwichReport {
  /** From the place to what calls it: the callees of a frame are its callers. */
  readonly callers: FlameReport;
  readonly callees: FlameReport;
}

/**
 * Merges what calls the place whose name `isPlace`, and what it calls, over all contexts, to
 * trees of at most about `limit` frames. Several such places are shown as one, under `label`. Where it calls itself, however indirectly, its
 * outermost call of each sample counts. Throws where no sample goes through such a place.
 */
export function sandwich(
  input: ReportInput,
  isPlace: (name: string) => boolean,
  limit = MAX_FRAMES,
  label?: string,
): SandwichReport {
  checkSums(input);
  const { view, value } = input;
  const nodes = buildNodes(view, input.nodes);
  const members = placesNamed(nodes, isPlace);
  const found = outermostCalls(view, nodes, maskOf(nodes.length, members));
  const counts = found.locations.some((at, sample) => at >= 0 && !isZeroAt(value.values, sample));
  if (!counts) throw new UserError("no sample that is shown goes through this place");
  // Places of one name are one.
  const merged = nodes.locationNodes.slice();
  const isMember = maskOf(nodes.length, members);
  for (let i = 0; i < merged.length; i++) if (isMember[merged[i]]) merged[i] = members[0];
  const columns = {
    length: nodes.length,
    locationOffsets: nodes.locationOffsets,
    locationNodes: merged,
  };
  const part = (direction: StackWalk["direction"]) =>
    labelled(flameOf(input, nodes, columns, limit, { direction, ...found }), label);
  const callees = part("callees");
  const callers = part("callers");
  // Whether the place itself was inlined is told by what calls it, in both.
  callers.tree.flags[1] =
    (callers.tree.flags[1] & FrameFlags.cut) | (callees.tree.flags[1] & ~FrameFlags.cut);
  return { callers, callees };
}

/** With another name for the place of the only frame of depth 1, wherever it is. */
function labelled(report: FlameReport, label: string | undefined): FlameReport {
  if (label === undefined) return report;
  const place = report.tree.places[1];
  const places = report.places.with(place, { name: label, file: "", group: "" });
  return { ...report, places };
}

function checkSums({ value }: ReportInput): void {
  if (!value.divisors) return;
  throw usageError("a flame graph adds values up, which means do not; leave out -mean");
}

function placesNamed(nodes: NodeTable, isPlace: (name: string) => boolean): number[] {
  const members: number[] = [];
  for (let node = 0; node < nodes.length; node++) {
    if (isPlace(nodes.name(node))) members.push(node);
  }
  return members;
}

/** By sample, where the first of the nodes with a 1 in `wanted` is on its stack, from the root on. */
function outermostCalls(
  view: View,
  { locationOffsets, locationNodes }: NodeTable,
  wanted: Uint8Array,
): Pick<StackWalk, "locations" | "nodes"> {
  const { stackStart, stackEnd, samples } = view;
  const { stackLocations } = view.profile.samples;
  /** By location: the position of its outermost node that is wanted, or -1. */
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

/** The report on the stacks, or on parts of them; `columns` say which nodes these have. */
function flameOf(
  input: ReportInput,
  nodes: NodeTable,
  columns: NodeColumns,
  limit: number,
  walk?: StackWalk,
): FlameReport {
  const { view, value, total, activeFilters } = input;
  const { tree, cutFrames } = buildFlame(view, columns, value.values, {
    limit,
    compareNodes: (a, b) => compareUtf8(nodes.name(a), nodes.name(b)),
    ...(walk && { walk }),
  });
  const { places, used } = numberPlaces(tree.places, nodes.length);
  return {
    legend: profileLegend(view.profile, value, total),
    activeFilters,
    kind: kindOf(view, value, tree),
    format: {
      from: value.unit,
      // A frame is looked at by itself, so that each value may have a unit of its own.
      to: input.unit === "minimum" ? "auto" : input.unit,
      ratio: input.ratio,
    },
    total,
    places: [EVERYTHING, ...describePlaces(view, nodes, input.nodes, used)],
    tree: { ...tree, places },
    cutFrames,
  };
}

const EVERYTHING: FlamePlace = { name: "all", file: "", group: "" };

/** Numbers the nodes that frames stand for from 1 on, in the order in which they are met. */
function numberPlaces(
  nodesPlus1: Uint32Array,
  nodeCount: number,
): { places: Uint32Array; used: number[] } {
  const numbers = new Uint32Array(nodeCount + 1);
  const used: number[] = [];
  const places = new Uint32Array(nodesPlus1.length);
  for (let frame = 0; frame < places.length; frame++) {
    const node = nodesPlus1[frame];
    if (node === 0) continue;
    if (numbers[node] === 0) numbers[node] = used.push(node - 1);
    places[frame] = numbers[node];
  }
  return { places, used };
}

function kindOf(view: View, { values }: SampleValue, tree: FlameTree): FlameKind {
  const isBase = baseSamples(view);
  if (!isBase) return tree.minus ? "signed" : "plain";
  // A profile with values below 0 of its own leaves no telling what is of the base.
  for (let sample = 0; sample < values.length; sample++) {
    if (!view.samples[sample]) continue;
    if (isBase(sample) ? values[sample] > 0 : values[sample] < 0) return "signed";
  }
  return "compared";
}

function describePlaces(
  view: View,
  nodes: NodeTable,
  options: NodeOptions,
  used: readonly number[],
): FlamePlace[] {
  const files = nodeFiles(view, nodes, options, maskOf(nodes.length, used));
  const { strings } = view.profile;
  /** By string: the path as it is shown. */
  const shownPaths = new Map<StringIndex, string>();
  const pathOf = (index: StringIndex) => {
    let path = shownPaths.get(index);
    if (path === undefined) {
      const whole = strings.get(index);
      const { trimPath, sourcePath } = options;
      path = whole === "" ? "" : cleanPath(trimSourcePath(whole, trimPath, sourcePath));
      shownPaths.set(index, path);
    }
    return path;
  };
  return used.map((node) => {
    const name = nodes.name(node);
    const file = files[node] as StringIndex;
    const shown = pathOf(file);
    return {
      name,
      file: name.includes(shown) ? "" : shown,
      group:
        packageOf(nodes.functionName(node), strings.get(file)) ||
        // Without symbols a binary is all that is known.
        (nodes.binary(node) === "" ? "" : basePath(nodes.binary(node))),
    };
  });
}

/** By node with a 1 in `wanted`: the file of the first line that it stands for and that has one. */
function nodeFiles(
  view: View,
  nodes: NodeTable,
  { noInlines }: NodeOptions,
  wanted: Uint8Array,
): Uint32Array {
  const { frames, profile } = view;
  const { locationOffsets, locationNodes } = nodes;
  const files = new Uint32Array(nodes.length);
  for (let location = 0; location + 1 < locationOffsets.length; location++) {
    const first = locationOffsets[location];
    const lines = frames.offsets[location + 1] - frames.offsets[location];
    if (lines === 0) continue;
    for (let i = first; i < locationOffsets[location + 1]; i++) {
      const node = locationNodes[i];
      if (!wanted[node] || files[node] !== 0) continue;
      const line = frames.offsets[location] + (noInlines ? lines - 1 : i - first);
      const fn = profile.lines.function[frames.lines[line]];
      const file = profile.functions.filename[fn];
      // Strings other than the first may be empty, too.
      if (profile.strings.bytes(file).length > 0) files[node] = file;
    }
  }
  return files;
}
