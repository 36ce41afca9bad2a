import { Int64Builder, indexColumn, int64At } from "../profile/columns.js";
import type { FunctionIndex } from "../profile/indices.js";
import { MappingFlags, type Profile } from "../profile/profile.js";

/**
 * Reduces each location to its outermost line, in the function that the others were inlined into.
 * Clears the flags for inline frames, and without `keepColumns` the columns of lines.
 */
export function outermostLines(profile: Profile, keepColumns: boolean): Profile {
  const { locations, lines, mappings } = profile;
  const lineOffsets = new Uint32Array(locations.length + 1);
  const fn = new Uint32Array(locations.length);
  const line = new Int64Builder();
  const column = new Int64Builder();
  for (let location = 0; location < locations.length; location++) {
    const end = locations.lineOffsets[location + 1];
    if (end > locations.lineOffsets[location]) {
      fn[line.length] = lines.function[end - 1];
      line.push(int64At(lines.line, end - 1));
      column.push(keepColumns ? int64At(lines.column, end - 1) : 0);
    }
    lineOffsets[location + 1] = line.length;
  }
  return {
    ...profile,
    locations: { ...locations, lineOffsets },
    lines: {
      length: line.length,
      function: indexColumn<FunctionIndex>(fn.subarray(0, line.length)),
      line: line.finish(),
      column: column.finish(),
    },
    mappings: {
      ...mappings,
      flags: mappings.flags.map((bits) => bits & ~MappingFlags.inlineFrames),
    },
  };
}
