import { isZeroAt } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";

export interface WarningInput {
  /** The number of locations on the deepest stack, and of the distinct stacks that are as deep. */
  readonly maxDepth: number;
  readonly deepest: number;
  readonly producer: string | undefined;
}

/** Depths at which profilers stop: Go (32, 64, 128), perf (127), gperftools (254) and others. */
const DEPTH_LIMITS = new Set([32, 64, 100, 127, 128, 200, 254, 255, 256, 512, 1000, 1024, 2048]);

/** Fewer stacks that are exactly as deep as a limit may be a coincidence. */
const MIN_DEEPEST_STACKS = 3;

/** Returns warnings about missing and suspicious data, one line each. */
export function profileWarnings(profile: Profile, gaps: WarningInput): string[] {
  return [
    ...sampleWarnings(profile, gaps),
    ...symbolWarnings(profile, gaps),
    ...binaryWarnings(profile),
  ];
}

function* sampleWarnings(profile: Profile, { maxDepth, deepest }: WarningInput): Generator<string> {
  if (profile.samples.length === 0) yield "no samples";
  if (hasNegative(profile)) yield "negative values: the profile is a difference of profiles";
  if (deepest >= MIN_DEEPEST_STACKS && DEPTH_LIMITS.has(maxDepth)) {
    yield `stacks are probably truncated: ${deepest} different ones have ${maxDepth} locations, the maximum`;
  }
  if (profile.period === 0) yield "no period: the sampling rate is not known";
}

/** Whether a sample has a negative value. */
export function hasNegative({ samples }: Profile): boolean {
  for (const values of samples.values) {
    for (let sample = 0; sample < values.length; sample++) if (values[sample] < 0) return true;
  }
  return false;
}

function* symbolWarnings(
  { locations, lines, functions }: Profile,
  { producer }: WarningInput,
): Generator<string> {
  let unnamed = 0;
  for (let row = 0; row < locations.length; row++) {
    if (!hasName(row)) unnamed++;
  }
  if (unnamed > 0) {
    const which =
      unnamed === locations.length
        ? "no location has a"
        : `${unnamed} of ${locations.length} locations have no`;
    yield `${which} function name: give the program before the profile, as in tsprof top PROGRAM PROFILE`;
  }
  if (producer === "Go" && functions.length > 0 && hasNoStartLine()) {
    yield "no start lines of functions (start_line): Go's compiler cannot use the profile for PGO";
  }

  function hasName(location: number): boolean {
    for (
      let row = locations.lineOffsets[location];
      row < locations.lineOffsets[location + 1];
      row++
    ) {
      if (functions.name[lines.function[row]] !== 0) return true;
    }
    return false;
  }

  function hasNoStartLine(): boolean {
    for (let row = 0; row < functions.length; row++) {
      if (!isZeroAt(functions.startLine, row)) return false;
    }
    return true;
  }
}

function* binaryWarnings({ mappings }: Profile): Generator<string> {
  let named = 0;
  for (let row = 0; row < mappings.length; row++) {
    if (mappings.buildId[row] !== 0) return;
    if (mappings.file[row] !== 0) named++;
  }
  if (named > 0)
    yield "no build ids: tsprof cannot check whether a binary is the one that was profiled";
}
