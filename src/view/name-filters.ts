import type { LineIndex, LocationIndex } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";
import { chooseLines, filterLines, functionOf } from "./frame-map.js";
import { type Pattern, StringMatcher } from "./matcher.js";
import { hasWholeStacks, type View } from "./view.js";

/** A view, and whether the pattern that made it matched anything. */
export interface Filtered {
  view: View;
  matched: boolean;
}

/** Whether a function, a file or the binary of `location` matches. */
function matchesLocation(view: View, match: StringMatcher, location: LocationIndex): boolean {
  const { profile, frames } = view;
  for (let i = frames.offsets[location]; i < frames.offsets[location + 1]; i++) {
    if (match.function(functionOf(profile, frames.lines[i]))) return true;
  }
  return match.mapping(profile.locations.mapping[location]);
}

/** For each location, whether it matches. */
function findLocations(view: View, pattern: Pattern): { is: Uint8Array; any: boolean } {
  const match = new StringMatcher(view.profile, pattern);
  const is = new Uint8Array(view.profile.locations.length);
  let any = false;
  for (let location = 0; location < is.length; location++) {
    if (matchesLocation(view, match, location as LocationIndex)) {
      is[location] = 1;
      any = true;
    }
  }
  return { is, any };
}

/** The patterns that look at names of functions, files and binaries together. */
export interface NamePatterns {
  focus: Pattern | undefined;
  ignore: Pattern | undefined;
  hide: Pattern | undefined;
  show: Pattern | undefined;
}

/** Which of the patterns matched a location; absent ones count as matched. */
export type NameMatches = { [Name in keyof NamePatterns]: boolean };

/** What a location is to a stack that goes through it, or-ed together. */
const FOCUSED = 1;
const VISIBLE = 2;
const IGNORED = 4;

/**
 * Keeps the samples that go through `focus` and not through `ignore`, and of these the
 * frames that match `show` and not `hide`. A sample without frames goes.
 */
export function filterByName(
  view: View,
  { focus, ignore, hide, show }: NamePatterns,
): { view: View; matched: NameMatches } {
  if (!(focus || ignore || hide || show)) {
    return { view, matched: { focus: true, ignore: true, hide: true, show: true } };
  }
  const ignored = ignore && findLocations(view, ignore);
  const focused = focus && findLocations(view, focus);
  const hidden = hide && hideLines(view, hide);
  const shown = show && showLines(hidden?.view ?? view, show);
  const { frames } = shown?.view ?? hidden?.view ?? view;

  const roles = new Uint8Array(view.profile.locations.length);
  for (let location = 0; location < roles.length; location++) {
    if (view.frames.hidden[location]) continue;
    if (!focused || focused.is[location]) roles[location] |= FOCUSED;
    if (!frames.hidden[location]) roles[location] |= VISIBLE;
    if (ignored?.is[location]) roles[location] = IGNORED;
  }
  const { stackLocations } = view.profile.samples;
  const roots = wholeStackRoots(view);
  const samples = new Uint8Array(view.samples.length);
  // Nothing after these changes what a stack is, unless it may be ignored.
  const enough = ignored ? IGNORED : FOCUSED | VISIBLE;
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    const start = view.stackStart[sample];
    let found = roots ? roles[roots[sample]] : 0;
    // From the root on, which many stacks share: it mostly tells what is asked of all of them.
    for (let i = view.stackEnd[sample] - 1; i >= start && (found & enough) !== enough; i--) {
      found |= roles[stackLocations[i]];
    }
    if (found === (FOCUSED | VISIBLE)) samples[sample] = 1;
  }
  return {
    view: { ...view, samples, frames },
    matched: {
      // As in pprof, a location that is ignored does not count for the focus.
      focus: !focused || focused.is.some((is, location) => is && !ignored?.is[location]),
      ignore: ignored?.any ?? true,
      hide: hidden?.matched ?? true,
      show: shown?.matched ?? true,
    },
  };
}

/**
 * By sample: the location at the root of its stack; side by side, as each stack that is looked
 * up by itself is a miss of all caches. Undefined where stacks are cut, or one has no root.
 */
function wholeStackRoots(view: View): Uint32Array | undefined {
  return hasWholeStacks(view) ? rootLocations(view.profile) : undefined;
}

const rootLocations = memoized(({ samples }: Profile): Uint32Array | undefined => {
  const { length, stackOffsets, stackLocations } = samples;
  const roots = new Uint32Array(length);
  for (let sample = 0; sample < length; sample++) {
    const end = stackOffsets[sample + 1];
    if (end === stackOffsets[sample]) return undefined;
    roots[sample] = stackLocations[end - 1];
  }
  return roots;
});

/** Leaves out lines in functions or files that match, and locations in binaries that do. */
function hideLines(view: View, pattern: Pattern): Filtered {
  const { profile } = view;
  const { mapping } = profile.locations;
  const match = new StringMatcher(profile, pattern);
  let matched = false;
  const frames = filterLines(
    view.frames,
    (location) => {
      if (!match.mapping(mapping[location])) return "by line";
      matched = true;
      return "hidden";
    },
    (line) => {
      if (!match.function(functionOf(profile, line))) return true;
      matched = true;
      return false;
    },
  );
  return { view: { ...view, frames }, matched };
}

/** Leaves only lines in functions or files that match, and all of locations in binaries that do. */
function showLines(view: View, pattern: Pattern): Filtered {
  const { profile } = view;
  const { mapping } = profile.locations;
  const { offsets } = view.frames;
  const match = new StringMatcher(profile, pattern);
  let matched = false;
  const frames = filterLines(
    view.frames,
    (location) => {
      // Without lines there is nothing that could match.
      if (offsets[location] === offsets[location + 1]) return "hidden";
      if (!match.mapping(mapping[location])) return "by line";
      matched = true;
      return "all";
    },
    (line) => {
      if (!match.function(functionOf(profile, line))) return false;
      matched = true;
      return true;
    },
  );
  return { view: { ...view, frames }, matched };
}

/** Drops the frames above (callers of) the highest one that matches; samples without a match go. */
export function showFrom(view: View, pattern: Pattern): Filtered {
  const { profile } = view;
  const match = new StringMatcher(profile, pattern);
  const matching = new Uint8Array(profile.locations.length);
  let matched = false;
  const frames = chooseLines(view.frames, (location, lines) => {
    const whole = match.mapping(profile.locations.mapping[location]);
    const last = whole
      ? lines.length - 1
      : lines.findLastIndex((line) => match.function(functionOf(profile, line)));
    if (!whole && last < 0) return "all";
    matching[location] = 1;
    matched = true;
    return lines.slice(0, last + 1);
  });

  const { stackLocations } = profile.samples;
  const samples = new Uint8Array(view.samples.length);
  const stackEnd = view.stackEnd.slice();
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    for (let i = view.stackEnd[sample] - 1; i >= view.stackStart[sample]; i--) {
      const location = stackLocations[i];
      if (matching[location] && !frames.hidden[location]) {
        stackEnd[sample] = i + 1;
        samples[sample] = 1;
        break;
      }
    }
  }
  return { view: { ...view, samples, stackEnd, frames }, matched };
}

/** Drops the frames below (called by) the lowest one whose function name matches. */
export function pruneFrom(view: View, pattern: Pattern): Filtered {
  const { profile } = view;
  const match = new SimplifiedNameMatcher(profile, pattern);
  const matching = new Uint8Array(profile.locations.length);
  const frames = chooseLines(view.frames, (location, lines) => {
    const first = lines.findIndex((line) => match.line(line));
    if (first < 0) return "all";
    matching[location] = 1;
    return lines.slice(first);
  });

  const { stackLocations } = profile.samples;
  const stackStart = view.stackStart.slice();
  for (let sample = 0; sample < stackStart.length; sample++) {
    if (!view.samples[sample]) continue;
    for (let i = view.stackStart[sample]; i < view.stackEnd[sample]; i++) {
      if (matching[stackLocations[i]]) {
        stackStart[sample] = i;
        break;
      }
    }
  }
  return { view: { ...view, stackStart, frames }, matched: matching.includes(1) };
}

/**
 * Removes the frames whose functions the profile itself calls uninteresting: those
 * that match `drop` and not `keep`, with all that they call. A stack is cut only below
 * a frame that is not of that kind, so that none becomes empty.
 */
export function dropFrames(view: View, drop: Pattern, keep: Pattern | undefined): View {
  const { profile } = view;
  const dropMatch = new SimplifiedNameMatcher(profile, drop);
  const keepMatch = keep && new SimplifiedNameMatcher(profile, keep);
  // What goes of a location: nothing (0), its inner lines, or all of it.
  const INNER = 1;
  const WHOLE = 2;
  const dropped = new Uint8Array(profile.locations.length);
  const frames = chooseLines(view.frames, (location, lines) => {
    const last = lines.findLastIndex((line) => dropMatch.line(line) && !keepMatch?.line(line));
    if (last < 0) return "all";
    if (last === lines.length - 1) {
      dropped[location] = WHOLE;
      return "all";
    }
    dropped[location] = INNER;
    return lines.slice(last + 1);
  });

  const { stackLocations } = profile.samples;
  const stackStart = view.stackStart.slice();
  for (let sample = 0; sample < stackStart.length; sample++) {
    let foundUser = false;
    for (let i = view.stackEnd[sample] - 1; i >= view.stackStart[sample]; i--) {
      const how = dropped[stackLocations[i]];
      if (how === 0) {
        foundUser = true;
      } else if (foundUser) {
        stackStart[sample] = how === WHOLE ? i + 1 : i;
        break;
      }
    }
  }
  return { ...view, stackStart, frames };
}

/** Asks a pattern about the names of functions without their argument lists. */
class SimplifiedNameMatcher {
  /** By string index, once it was asked. */
  readonly #answers: (boolean | undefined)[] = [];

  constructor(
    readonly profile: Profile,
    readonly pattern: Pattern,
  ) {}

  line(line: LineIndex): boolean {
    const name = this.profile.functions.name[functionOf(this.profile, line)];
    this.#answers[name] ??= this.#test(this.profile.strings.get(name));
    return this.#answers[name];
  }

  #test(name: string): boolean {
    return name !== "" && this.pattern.test(encodeUtf8(withoutArguments(name)));
  }
}

/** A parenthesis that opens arguments, or one of the two names that have one. */
const PARENTHESIS = /\(anonymous namespace\)|operator\(\)|\(/g;

/** The name without its argument list, and without the leading dot of PowerPC's ELF ABI. */
function withoutArguments(name: string): string {
  const plain = name.startsWith(".") ? name.slice(1) : name;
  for (const match of plain.matchAll(PARENTHESIS)) {
    if (match[0] === "(") return plain.slice(0, match.index);
  }
  return plain;
}
