import type { FunctionIndex, LineIndex, LocationIndex } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";
import { chooseLines, filterLines, functionOf } from "./frame-map.js";
import { NO_PRINTED_NAMES, type Pattern, type PrintedNamesOf, StringMatcher } from "./matcher.js";
import { hasWholeStacks, type View } from "./view.js";

/** A view, and whether the pattern of the filter matched anything. */
export interface Filtered {
  view: View;
  matched: boolean;
}

/** Whether a function, a source file or the binary of `location` matches. */
function matchesLocation(view: View, match: StringMatcher, location: LocationIndex): boolean {
  const { profile, frames } = view;
  for (let i = frames.offsets[location]; i < frames.offsets[location + 1]; i++) {
    if (match.function(functionOf(profile, frames.lines[i]))) return true;
  }
  return match.mapping(profile.locations.mapping[location]);
}

/** Tests all locations: `matches` has a 1 for each one that matches. */
function findLocations(
  view: View,
  pattern: Pattern,
  printedNamesOf: PrintedNamesOf | undefined,
): { matches: Uint8Array; any: boolean } {
  const match = new StringMatcher(view.profile, pattern, printedNamesOf);
  const matches = new Uint8Array(view.profile.locations.length);
  let any = false;
  for (let location = 0; location < matches.length; location++) {
    if (matchesLocation(view, match, location as LocationIndex)) {
      matches[location] = 1;
      any = true;
    }
  }
  return { matches, any };
}

/** The patterns that match the names of functions, source files and binaries. */
export interface NamePatterns {
  focus: Pattern | undefined;
  ignore: Pattern | undefined;
  hide: Pattern | undefined;
  show: Pattern | undefined;
}

/** By pattern: whether it matched a location. Absent patterns count as matched. */
export type NameMatches = { [Name in keyof NamePatterns]: boolean };

/** The effects of a location on the stacks that contain it, as bits. */
const FOCUSED = 1;
const VISIBLE = 2;
const IGNORED = 4;

/**
 * Keeps the samples whose stack matches `focus` and does not match `ignore`. Of these, keeps the
 * frames that match `show` and do not match `hide`. Drops samples that have no frames left.
 */
export function filterByName(
  view: View,
  { focus, ignore, hide, show }: NamePatterns,
  printedNamesOf?: PrintedNamesOf,
): { view: View; matched: NameMatches } {
  if (!(focus || ignore || hide || show)) {
    return { view, matched: { focus: true, ignore: true, hide: true, show: true } };
  }
  const ignored = ignore && findLocations(view, ignore, printedNamesOf);
  const focused = focus && findLocations(view, focus, printedNamesOf);
  const hidden = hide && hideLines(view, hide, printedNamesOf);
  const shown = show && showLines(hidden?.view ?? view, show, printedNamesOf);
  const { frames } = shown?.view ?? hidden?.view ?? view;

  const roles = new Uint8Array(view.profile.locations.length);
  for (let location = 0; location < roles.length; location++) {
    if (view.frames.hidden[location]) continue;
    if (!focused || focused.matches[location]) roles[location] |= FOCUSED;
    if (!frames.hidden[location]) roles[location] |= VISIBLE;
    if (ignored?.matches[location]) roles[location] = IGNORED;
  }
  const { stackLocations } = view.profile.samples;
  const roots = wholeStackRoots(view);
  const samples = new Uint8Array(view.samples.length);
  // Once a stack has these bits, its other locations matter only if they can be ignored.
  const enough = ignored ? IGNORED : FOCUSED | VISIBLE;
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    const start = view.stackStart[sample];
    let found = roots ? roles[roots[sample]] : 0;
    // Begin at the root: most stacks share it, and it often decides the result.
    for (let i = view.stackEnd[sample] - 1; i >= start && (found & enough) !== enough; i--) {
      found |= roles[stackLocations[i]];
    }
    if (found === (FOCUSED | VISIBLE)) samples[sample] = 1;
  }
  return {
    view: { ...view, samples, frames },
    matched: {
      // As in pprof, an ignored location does not count as a match of the focus.
      focus:
        !focused ||
        focused.matches.some((matches, location) => matches && !ignored?.matches[location]),
      ignore: ignored?.any ?? true,
      hide: hidden?.matched ?? true,
      show: shown?.matched ?? true,
    },
  };
}

/**
 * Returns by sample: the location at the root of its stack. One array of roots avoids a cache miss
 * for each stack. Returns undefined if stacks are cut or a stack is empty.
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

/** Hides lines whose function or source file matches, and locations whose binary matches. */
function hideLines(
  view: View,
  pattern: Pattern,
  printedNamesOf: PrintedNamesOf | undefined,
): Filtered {
  const { profile } = view;
  const { mapping } = profile.locations;
  const match = new StringMatcher(profile, pattern, printedNamesOf);
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

/** Hides lines whose function and source file do not match, except where the binary matches. */
function showLines(
  view: View,
  pattern: Pattern,
  printedNamesOf: PrintedNamesOf | undefined,
): Filtered {
  const { profile } = view;
  const { mapping } = profile.locations;
  const { offsets } = view.frames;
  const match = new StringMatcher(profile, pattern, printedNamesOf);
  let matched = false;
  const frames = filterLines(
    view.frames,
    (location) => {
      // A location without lines has no name that could match.
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

/** Removes the callers of the outermost frame that matches. Drops samples without a match. */
export function showFrom(view: View, pattern: Pattern, printedNamesOf?: PrintedNamesOf): Filtered {
  const { profile } = view;
  const match = new StringMatcher(profile, pattern, printedNamesOf);
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

/** Removes the callees of the innermost frame whose function name matches. */
export function pruneFrom(view: View, pattern: Pattern, printedNamesOf?: PrintedNamesOf): Filtered {
  const { profile } = view;
  const match = new SimplifiedNameMatcher(profile, pattern, printedNamesOf);
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
 * Removes the frames that the profile itself marks as uninteresting: functions that match `drop`
 * and do not match `keep`, with all their callees. Cuts a stack only below a frame that stays, so
 * no stack becomes empty.
 */
export function dropFrames(view: View, drop: Pattern, keep: Pattern | undefined): View {
  const { profile } = view;
  const dropMatch = new SimplifiedNameMatcher(profile, drop);
  const keepMatch = keep && new SimplifiedNameMatcher(profile, keep);
  // The part of a location to remove: nothing (0), its inner lines, or all of it.
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
    let foundKept = false;
    for (let i = view.stackEnd[sample] - 1; i >= view.stackStart[sample]; i--) {
      const how = dropped[stackLocations[i]];
      if (how === 0) {
        foundKept = true;
      } else if (foundKept) {
        stackStart[sample] = how === WHOLE ? i + 1 : i;
        break;
      }
    }
  }
  return { ...view, stackStart, frames };
}

/** Matches function names without their argument lists against a pattern. */
class SimplifiedNameMatcher {
  /** By string index. */
  readonly #answers: (boolean | undefined)[] = [];
  readonly #functionAnswers: (boolean | undefined)[] = [];

  constructor(
    readonly profile: Profile,
    readonly pattern: Pattern,
    readonly printedNamesOf: PrintedNamesOf = () => NO_PRINTED_NAMES,
  ) {}

  line(line: LineIndex): boolean {
    const fn = functionOf(this.profile, line);
    this.#functionAnswers[fn] ??= this.#function(fn);
    return this.#functionAnswers[fn];
  }

  #function(fn: FunctionIndex): boolean {
    const name = this.profile.functions.name[fn];
    const { texts, replacesName } = this.printedNamesOf(fn);
    this.#answers[name] ??= this.#test(removeArguments(this.profile.strings.get(name)));
    if (!replacesName && this.#answers[name]) return true;
    return texts.some((text) => this.#test(text));
  }

  #test(name: string): boolean {
    return name !== "" && this.pattern.test(encodeUtf8(name));
  }
}

/** The parenthesis before the arguments, or one of the two names that contain one. */
const PARENTHESIS = /\(anonymous namespace\)|operator\(\)|\(/g;

/** Returns the name without its argument list, and without the leading dot of PowerPC's ELF ABI. */
function removeArguments(name: string): string {
  const plain = name.startsWith(".") ? name.slice(1) : name;
  for (const match of plain.matchAll(PARENTHESIS)) {
    if (match[0] === "(") return plain.slice(0, match.index);
  }
  return plain;
}
