import { indexColumn, Uint32Builder } from "../profile/columns.js";
import type { FunctionIndex, LineIndex, LocationIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import type { FrameMap } from "./view.js";

/** The remaining lines of a location; `hidden` removes the location from all stacks. */
export type LineChoice = readonly LineIndex[] | "all" | "hidden";

/** Returns the map in which each location keeps the lines that `choose` selects. */
export function chooseLines(
  frames: FrameMap,
  choose: (location: LocationIndex, lines: readonly LineIndex[]) => LineChoice,
): FrameMap {
  const count = frames.hidden.length;
  const offsets = new Uint32Array(count + 1);
  const lines = new Uint32Builder();
  const hidden = frames.hidden.slice();
  for (let location = 0; location < count; location++) {
    if (!hidden[location]) {
      const current = linesOf(frames, location as LocationIndex);
      const choice = choose(location as LocationIndex, current);
      if (choice === "hidden") hidden[location] = 1;
      else for (const line of choice === "all" ? current : choice) lines.push(line);
    }
    offsets[location + 1] = lines.length;
  }
  return { offsets, lines: indexColumn(lines.finish()), hidden };
}

/** The decision about a location: keep it, hide it, or decide for each line. */
export type LocationChoice = "all" | "hidden" | "by line";

/**
 * Returns the map in which each location keeps the lines for which `keeps` returns true, and is
 * hidden if it loses all. Faster than {@link chooseLines}: makes no list for each location.
 */
export function filterLines(
  frames: FrameMap,
  choose: (location: LocationIndex) => LocationChoice,
  keeps: (line: LineIndex) => boolean,
): FrameMap {
  const count = frames.hidden.length;
  const offsets = new Uint32Array(count + 1);
  const lines = new Uint32Array(frames.lines.length);
  const hidden = frames.hidden.slice();
  let length = 0;
  for (let location = 0; location < count; location++) {
    if (!hidden[location]) {
      const choice = choose(location as LocationIndex);
      const start = frames.offsets[location];
      const end = choice === "hidden" ? start : frames.offsets[location + 1];
      const before = length;
      for (let i = start; i < end; i++) {
        const line = frames.lines[i];
        if (choice === "all" || keeps(line)) lines[length++] = line;
      }
      const losesAll = choice === "by line" && end > start && length === before;
      if (choice === "hidden" || losesAll) hidden[location] = 1;
    }
    offsets[location + 1] = length;
  }
  return { offsets, lines: indexColumn(lines.slice(0, length)), hidden };
}

/** Returns the lines of `location`, innermost first. */
function linesOf(frames: FrameMap, location: LocationIndex): LineIndex[] {
  const result: LineIndex[] = [];
  for (let i = frames.offsets[location]; i < frames.offsets[location + 1]; i++) {
    result.push(frames.lines[i]);
  }
  return result;
}

export function functionOf(profile: Profile, line: LineIndex): FunctionIndex {
  return profile.lines.function[line];
}
