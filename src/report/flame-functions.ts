import { maskOf } from "../graph/mask.js";
import {
  type FunctionIndex,
  type LocationIndex,
  NO_MAPPING,
  type StringIndex,
} from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { slashPath } from "../profile/script-paths.js";
import { isGrouped, type NodeIndex, type NodeOptions, type NodeTable } from "../view/node-table.js";
import {
  type Category,
  EVALUATED_CODE,
  framePackages,
  hasSeveralPackages,
  type OwnPackages,
} from "../view/packages.js";
import { basePath, cleanPath, trimSourcePath } from "../view/paths.js";
import type { View } from "../view/view.js";

/** A function of a flame graph. At other granularities, it is a source file or a line. */
export interface FlameFunction {
  readonly name: string;
  /** The source file, or one of several; empty if it is not known or part of the name. */
  readonly file: string;
  /** The package, namespace, module or folder of the code; may be empty. */
  readonly group: string;
  /** The name by which filters find the function, if it differs from {@link name}. */
  readonly filterName?: string;
  /** Set for the user's own scripts. */
  readonly isOwn?: true;
}

/** The parts of code that have a colour of their own unless the user chooses others. */
export type Grouping = "package" | "function";

const groupings = memoized((_: Profile) => new Map<OwnPackages | undefined, Grouping>());

/** Returns the grouping of a profile, whatever the filters are: functions if it has one package. */
export function groupingOf(profile: Profile, ownPackages: OwnPackages | undefined): Grouping {
  const known = groupings(profile);
  const grouping =
    known.get(ownPackages) ?? (hasSeveralPackages(profile, ownPackages) ? "package" : "function");
  known.set(ownPackages, grouping);
  return grouping;
}

export interface DescribedFunctions {
  readonly functions: readonly FlameFunction[];
  /** By function: the category of its code. */
  readonly categories: readonly Category[];
}

/** Describes the nodes in `used`. */
export function describeFunctions(
  view: View,
  nodes: NodeTable,
  options: NodeOptions,
  used: readonly NodeIndex[],
): DescribedFunctions {
  const frames = nodeFrames(view, nodes, options, maskOf(nodes.length, used));
  const { functions, strings } = view.profile;
  const packageOf = framePackages(view.profile, options.ownPackages);
  /** By string index: the path as it is shown. */
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
  const categories: Category[] = [];
  const described = used.map((node): FlameFunction => {
    const name = nodes.name(node);
    const { location, fn } = frames[node];
    const hasFile = fn !== undefined && !isGrouped(options.granularity);
    const shown = hasFile ? pathOf(functions.filename[fn]) : "";
    const filterName = nodes.filterName(node);
    const { package: group, category } = packageOf(location, fn);
    categories.push(category);
    return {
      name,
      file: name.includes(shown) ? "" : shown,
      group,
      ...(filterName !== name && { filterName }),
      ...(category === "own code" && group !== EVALUATED_CODE && { isOwn: true as const }),
    };
  });
  return { functions: described, categories };
}

/** Returns by node in `used`: the base name of the binary that has its code. */
export function binariesOf(
  view: View,
  nodes: NodeTable,
  options: NodeOptions,
  used: readonly NodeIndex[],
): string[] {
  const frames = nodeFrames(view, nodes, options, maskOf(nodes.length, used));
  const { locations, mappings, strings } = view.profile;
  return used.map((node) => {
    const mapping = locations.mapping[frames[node].location];
    return mapping === NO_MAPPING ? "" : basePath(slashPath(strings.get(mappings.file[mapping])));
  });
}

interface NodeFrame {
  readonly location: LocationIndex;
  /** Undefined without symbols. */
  readonly fn: FunctionIndex | undefined;
}

/** Returns a frame of each wanted node: the first one with a source file, or else the first one. */
function nodeFrames(
  view: View,
  nodes: NodeTable,
  { noInlines }: NodeOptions,
  wanted: Uint8Array,
): NodeFrame[] {
  const { frames, profile } = view;
  const { locationOffsets, locationNodes } = nodes;
  const found: NodeFrame[] = [];
  /** By node: whether its frame has a source file. */
  const hasFile = new Uint8Array(nodes.length);
  for (let location = 0 as LocationIndex; location + 1 < locationOffsets.length; location++) {
    const first = locationOffsets[location];
    const lines = frames.offsets[location + 1] - frames.offsets[location];
    for (let i = first; i < locationOffsets[location + 1]; i++) {
      const node = locationNodes[i];
      if (!wanted[node] || hasFile[node]) continue;
      if (lines === 0) {
        found[node] ??= { location, fn: undefined };
        continue;
      }
      const line = frames.offsets[location] + (noInlines ? lines - 1 : i - first);
      const fn = profile.lines.function[frames.lines[line]];
      // Strings at other indices than 0 may be empty, too.
      if (profile.strings.bytes(profile.functions.filename[fn]).length > 0) hasFile[node] = 1;
      else if (found[node]) continue;
      found[node] = { location, fn };
    }
  }
  return found;
}
