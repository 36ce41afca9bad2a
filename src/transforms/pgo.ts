import { int64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import type { FunctionIndex, LocationIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { type NewValueType, ProfileBuilder } from "../profile/profile-builder.js";
import { add, compare, divide, type Int64, multiply, negate, sum } from "../units/int64.js";
import { type CallWeights, callWeights, type WeighedCall } from "./call-weights.js";

/** The sample types that Go's compiler accepts; it uses the first of them that a profile has. */
const USED_TYPES: readonly NewValueType[] = [
  { type: "samples", unit: "count" },
  { type: "cpu", unit: "nanoseconds" },
];

/** A profile for Go's compiler, with statistics. */
export interface PgoProfile {
  readonly profile: Profile;
  /** The number of calls and their weight in the sample type that the compiler uses. */
  readonly all: { readonly calls: number; readonly weight: Int64 };
  readonly kept: { readonly calls: number; readonly weight: Int64 };
  /** The weight of all calls whose caller has no first line, which the compiler cannot match. */
  readonly withoutStartLine: Int64;
}

const COMMENT =
  "Calls for go build -pgo, made by tsprof pgo. Each sample is a caller and a callee with the " +
  "weight of the call, so that the same time may count for several calls.";

/**
 * The name of the function that replaces omitted calls. Go's compiler treats the calls that make up
 * the first 99 % of the total weight as hot; without the weight of the omitted calls fewer calls
 * would be hot. The name sorts after all others if weights are equal.
 */
const OMITTED = "~left out";

/** The maximum number of calls that replace omitted ones, and how many of them share a location. */
const MAX_REPLACEMENTS = 20_000;
const MAX_INLINED = 1000;

/**
 * Reduces a Go CPU profile to the calls that Go's compiler uses, each as a sample of two frames
 * with the weight that the compiler would sum up from the whole profile. Omits the lightest calls
 * and keeps the share `keep` of the total weight. At most {@link MAX_REPLACEMENTS} artificial calls
 * replace the omitted ones, if possible as light as the lightest kept call. The result depends only
 * on names, lines and weights. Throws a {@link ProfileError} if the compiler cannot use it.
 */
export function pgoProfile(profile: Profile, keep: number): PgoProfile {
  const columns = usedColumns(profile);
  checkValues(profile, columns[0]);
  const weights = callWeights(profile, columns);
  if (weights.total === 0) throw new ProfileError("no stack contains a call");
  checkStartLines(weights);
  // Ignore the artificial calls of a profile that was reduced before.
  const calls = weights.calls.filter(({ caller }) => caller !== OMITTED);
  const kept = heaviest({ calls, total: sumColumn(calls) }, keep);
  const rest = columns.map((_, i) => add(sumColumn(weights.calls, i), negate(sumColumn(kept, i))));
  return {
    profile: buildProfile(profile, kept, rest, columns),
    all: { calls: calls.length, weight: weights.total },
    kept: { calls: kept.length, weight: sumColumn(kept) },
    withoutStartLine: sumColumn(calls.filter(({ startLine }) => startLine === 0)),
  };
}

/** Returns the rows of the sample types that the compiler accepts. */
function usedColumns({ sampleTypes, strings }: Profile): number[] {
  const found = sampleTypes.flatMap(({ type, unit }, row) => {
    const isUsed = USED_TYPES.some(
      (used) => used.type === strings.get(type) && used.unit === strings.get(unit),
    );
    return isUsed ? [row] : [];
  });
  if (found.length > 0) return found;
  throw new ProfileError("not a Go CPU profile: it has neither samples/count nor cpu/nanoseconds");
}

function checkValues({ samples }: Profile, column: number): void {
  for (let sample = 0; sample < samples.length; sample++) {
    if (int64At(samples.values[column], sample) >= 0) continue;
    throw new ProfileError(
      "it has negative values, as in a difference, which cannot be weights of calls",
    );
  }
}

function checkStartLines({ calls }: CallWeights): void {
  const isKnown = calls.some((call) => call.startLine !== 0 || call.calleeStartLine !== 0);
  if (isKnown) return;
  throw new ProfileError(
    "no function has a first line (start_line), so Go's compiler would refuse the " +
      "profile; programs built by Go 1.20 or later write it",
  );
}

/** Returns the first of the sorted calls that have the share `keep` of the total. */
function heaviest({ calls, total }: CallWeights, keep: number): readonly WeighedCall[] {
  if (keep >= 1) return calls;
  const wanted = Number(total) * keep;
  let weight: Int64 = 0;
  let count = 0;
  while (count < calls.length && Number(weight) < wanted) {
    weight = add(weight, calls[count++].weights[0]);
  }
  return calls.slice(0, count);
}

function sumColumn(calls: readonly WeighedCall[], column = 0): Int64 {
  return sum(calls.map(({ weights }) => weights[column]));
}

function buildProfile(
  { strings, sampleTypes, period, periodType }: Profile,
  calls: readonly WeighedCall[],
  rest: readonly Int64[],
  columns: readonly number[],
): Profile {
  const text = ({ type, unit }: (typeof sampleTypes)[number]): NewValueType => ({
    type: strings.get(type),
    unit: strings.get(unit),
  });
  const builder = new ProfileBuilder(columns.map((row) => text(sampleTypes[row])));
  const frames = new FrameBuilder(builder);
  for (const call of calls) {
    const caller = frames.at(call.caller, call.startLine, call.line);
    // A line of 0, like an address, distinguishes a function from a caller of the same name.
    const isSame = call.line === 0 && call.caller === call.callee;
    const callee = frames.at(call.callee, call.calleeStartLine, 0, isSame ? 1 : 0);
    builder.addSample([callee, caller], call.weights);
  }
  addRest(builder, frames, rest, calls.at(-1)?.weights[0] ?? 1);
  return builder.finish({ period, periodType: text(periodType), comments: [COMMENT] });
}

/**
 * Adds artificial calls with these total weights, each with at most `most` in the first column. In
 * a chain every line calls the next one, all inlined into one location: the compiler counts each as
 * a separate call.
 */
function addRest(
  builder: ProfileBuilder,
  frames: FrameBuilder,
  rest: readonly Int64[],
  most: Int64,
): void {
  const [weight] = rest;
  if (weight <= 0) return;
  const least = divide(add(weight, MAX_REPLACEMENTS - 1), MAX_REPLACEMENTS);
  const each = compare(most, least) < 0 ? least : most;
  const whole = Number(divide(weight, each));
  const last = add(weight, negate(multiply(each, whole)));
  const count = whole + (last === 0 ? 0 : 1);
  const others = rest.slice(1).map((other) => divide(other, count));
  const remainders = rest
    .slice(1)
    .map((other, i) => add(other, negate(multiply(others[i], count))));
  for (let line = 1; line <= whole; line += MAX_INLINED) {
    const end = Math.min(line + MAX_INLINED, whole + 1);
    builder.addSample([frames.chain(OMITTED, line, end)], [each, ...others]);
  }
  if (last !== 0) builder.addSample([frames.chain(OMITTED, count, count + 1)], [last, ...others]);
  // The compiler ignores the other sample types; keep their totals for human readers.
  if (remainders.some((value) => value !== 0)) {
    builder.addSample([frames.at(OMITTED, 0, 1)], [0, ...remainders]);
  }
}

/** Adds positions in code to a profile, without duplicates. */
class FrameBuilder {
  readonly #builder: ProfileBuilder;
  readonly #functions = new Map<string, FunctionIndex>();
  readonly #locations = new Map<string, LocationIndex>();

  constructor(builder: ProfileBuilder) {
    this.#builder = builder;
  }

  at(name: string, startLine: Int64, line: Int64, address = 0): LocationIndex {
    const fn = this.#function(name, startLine);
    const key = `${fn} ${line} ${address}`;
    const known = this.#locations.get(key);
    if (known !== undefined) return known;
    const location = this.#builder.addLocation({ address, lines: [{ function: fn, line }] });
    this.#locations.set(key, location);
    return location;
  }

  /** Returns a location in which each line of a function, from the first on, calls the next one. */
  chain(name: string, first: number, end: number): LocationIndex {
    const fn = this.#function(name, 0);
    const lines = Array.from({ length: end - first + 1 }, (_, i) => ({
      function: fn,
      line: end - i,
    }));
    return this.#builder.addLocation({ lines });
  }

  #function(name: string, startLine: Int64): FunctionIndex {
    const key = `${startLine} ${name}`;
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const fn = this.#builder.addFunction({ name, systemName: "", startLine });
    this.#functions.set(key, fn);
    return fn;
  }
}
