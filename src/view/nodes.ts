import { indexColumn } from "../profile/columns.js";
import { memoized, RecentlyUsed } from "../profile/memo.js";
import { NodeBuilder } from "./node-builder.js";
import type { NodeOptions, NodeTable } from "./node-table.js";
import { type FrameMap, type View, wholeProfile } from "./view.js";

/** The number of cached tables per frame map: reports on one view often share tables. */
const MAX_TABLES = 4;

const tablesOf = memoized((_: FrameMap) => new RecentlyUsed<NodeTable>(MAX_TABLES));

/** Groups the frames that `view` shows into nodes. */
export function buildNodes(view: View, options: NodeOptions): NodeTable {
  const { granularity, identity, noInlines, showColumns, binaries } = options;
  const { trimPath, sourcePath, keepPaths = false } = options;
  const switches = [granularity, identity, noInlines, showColumns, binaries];
  const packages = [...(options.ownPackages ?? [])];
  const key = JSON.stringify([...switches, trimPath, sourcePath, keepPaths, packages]);
  return tablesOf(view.frames).get(key, () => {
    const { frames } = wholeProfile(view.profile);
    const whole = view.frames === frames ? undefined : tablesOf(frames).known(key);
    // Without inlined calls, the line that represents a location depends on the lines that the view
    // shows.
    const shown = whole && !noInlines ? selectLines(whole, frames, view.frames) : undefined;
    return shown ?? new NodeBuilder(view, options).build();
  });
}

/**
 * Restricts the table of the whole profile to the lines that a view shows. The result may have
 * nodes that no location uses. Returns undefined if a visible location has lost all its lines.
 */
function selectLines(whole: NodeTable, all: FrameMap, shown: FrameMap): NodeTable | undefined {
  const count = shown.hidden.length;
  const locationOffsets = new Uint32Array(count + 1);
  const locationNodes = new Uint32Array(whole.locationNodes.length);
  let next = 0;
  for (let location = 0; location < count; location++) {
    if (!shown.hidden[location]) {
      const first = whole.locationOffsets[location];
      const firstLine = all.offsets[location];
      const start = shown.offsets[location];
      const end = shown.offsets[location + 1];
      if (start < end) {
        for (let i = start; i < end; i++) {
          locationNodes[next++] = whole.locationNodes[first + shown.lines[i] - firstLine];
        }
      } else if (firstLine === all.offsets[location + 1]) {
        locationNodes[next++] = whole.locationNodes[first];
      } else {
        return undefined;
      }
    }
    locationOffsets[location + 1] = next;
  }
  return {
    locationOffsets,
    locationNodes: indexColumn(locationNodes),
    length: whole.length,
    hasAddresses: whole.hasAddresses,
    name: (node) => whole.name(node),
    address: (node) => whole.address(node),
    functionName: (node) => whole.functionName(node),
    file: (node) => whole.file(node),
    line: (node) => whole.line(node),
    column: (node) => whole.column(node),
    startLine: (node) => whole.startLine(node),
    printedFunction: (node) => whole.printedFunction(node),
    filterName: (node) => whole.filterName(node),
    isDefinition: (node) => whole.isDefinition(node),
    startColumn: (node) => whole.startColumn(node),
    binary: (node) => whole.binary(node),
    exampleFunction: (node) => whole.exampleFunction(node),
    nameParts: (node) => whole.nameParts(node),
    compareOrigins: (a, b) => whole.compareOrigins(a, b),
  };
}
