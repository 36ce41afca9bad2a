import { buildFlame } from "../graph/flame-builder.js";
import type { FlameTree } from "../graph/flame-tree.js";
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
  const { view, value, total, activeFilters } = input;
  if (value.divisors) {
    throw new Error("a flame graph adds values up, which means do not; leave out -mean");
  }
  const nodes = buildNodes(view, input.nodes);
  const { tree, cutFrames } = buildFlame(view, nodes, value.values, {
    limit,
    compareNodes: (a, b) => compareUtf8(nodes.name(a), nodes.name(b)),
  });
  const { places, used } = numberPlaces(tree.places);
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
function numberPlaces(nodesPlus1: Uint32Array): { places: Uint32Array; used: number[] } {
  const numbers = new Map([[0, 0]]);
  const used: number[] = [];
  const places = nodesPlus1.map((node) => {
    let number = numbers.get(node);
    if (number === undefined) {
      used.push(node - 1);
      number = used.length;
      numbers.set(node, number);
    }
    return number;
  });
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
  const files = nodeFiles(view, nodes, options);
  return used.map((node) => {
    const name = nodes.name(node);
    const file = files[node] ?? "";
    const shown = file === "" ? "" : cleanPath(trim(file, options));
    return {
      name,
      file: name.includes(shown) ? "" : shown,
      group:
        packageOf(nodes.functionName(node), file) ||
        // Without symbols a binary is all that is known.
        (nodes.binary(node) === "" ? "" : basePath(nodes.binary(node))),
    };
  });
}

function trim(file: string, { trimPath, sourcePath }: NodeOptions): string {
  return trimSourcePath(file, trimPath, sourcePath);
}

/** By node: the file of the first line that it stands for. */
function nodeFiles(view: View, nodes: NodeTable, { noInlines }: NodeOptions): string[] {
  const { frames, profile } = view;
  const { locationOffsets, locationNodes } = nodes;
  const files: string[] = [];
  for (let location = 0; location + 1 < locationOffsets.length; location++) {
    const first = locationOffsets[location];
    const lines = frames.offsets[location + 1] - frames.offsets[location];
    if (lines === 0) continue;
    for (let i = first; i < locationOffsets[location + 1]; i++) {
      const node = locationNodes[i];
      if (files[node]) continue;
      const line = frames.offsets[location] + (noInlines ? lines - 1 : i - first);
      const fn = profile.lines.function[frames.lines[line]];
      files[node] = profile.strings.get(profile.functions.filename[fn]);
    }
  }
  return files;
}
