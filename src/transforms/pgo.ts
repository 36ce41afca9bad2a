import { int64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import type { FunctionIndex, LocationIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { type NewValueType, ProfileBuilder } from "../profile/profile-builder.js";
import { add, compare, divide, type Int64, multiply, negate } from "../units/int64.js";
import { type CallWeights, callWeights, type WeighedCall } from "./call-weights.js";

/** The sample types that Go's compiler takes; it uses the first of them that a profile has. */
const USED_TYPES: readonly NewValueType[] = [
  { type: "samples", unit: "count" },
  { type: "cpu", unit: "nanoseconds" },
];

/** A profile for Go's compiler, and what was kept for it. */
export interface PgoProfile {
  readonly profile: Profile;
  /** How many calls there were, and their weight in the sample type that the compiler uses. */
  readonly all: { readonly calls: number; readonly weight: Int64 };
  readonly kept: { readonly calls: number; readonly weight: Int64 };
  /** The weight of all calls whose caller has no first line, which the compiler cannot find. */
  readonly withoutStartLine: Int64;
}

const COMMENT =
  "Calls for go build -pgo, made by tsprof pgo. Each sample is a caller and a callee with the " +
  "weight of the call, so that the same time may count for several calls.";

/**
 * The name of what stands for the calls that are left out. Go's compiler takes those calls for
 * hot that make up the first 99 % of the weight of all: without the weight of the rest that
 * would be fewer. It is behind all other names where weights are equal.
 */
const LEFT_OUT = "~left out";

/** The most calls that stand for those left out, and how many of them are one location at most. */
const MOST_LEFT_OUT = 20_000;
const MOST_INLINED = 1000;

/**
 * Makes of a CPU profile of Go one that has only the calls that Go's compiler uses, each as a
 * sample of two frames: what it adds up of that is what it adds up of the whole. Of the lightest
 * calls so many are left out that the others have the share `keep` of the weight; calls of
 * nothing, as light as the lightest that is kept while {@link MOST_LEFT_OUT} are enough, stand for
 * theirs. The result depends on nothing but names, lines and weights. Throws a
 * {@link ProfileError} where the compiler could use nothing of it.
 */
export function pgoProfile(profile: Profile, keep: number): PgoProfile {
  const columns = usedColumns(profile);
  checkValues(profile, columns[0]);
  const weights = callWeights(profile, columns);
  if (weights.total === 0) throw new ProfileError("no stack has a call, so that nothing is left");
  checkStartLines(weights);
  // What was left out of a profile before.
  const calls = weights.calls.filter(({ caller }) => caller !== LEFT_OUT);
  const kept = heaviest({ calls, total: sum(calls) }, keep);
  const rest = columns.map((_, i) => add(sum(weights.calls, i), negate(sum(kept, i))));
  return {
    profile: buildProfile(profile, kept, rest, columns),
    all: { calls: calls.length, weight: weights.total },
    kept: { calls: kept.length, weight: sum(kept) },
    withoutStartLine: sum(calls.filter(({ startLine }) => startLine === 0)),
  };
}

/** The rows of the sample types that are used. */
function usedColumns({ sampleTypes, strings }: Profile): number[] {
  const found = sampleTypes.flatMap(({ type, unit }, row) => {
    const isUsed = USED_TYPES.some(
      (used) => used.type === strings.get(type) && used.unit === strings.get(unit),
    );
    return isUsed ? [row] : [];
  });
  if (found.length > 0) return found;
  throw new ProfileError(
    "this is no CPU profile of Go: it has neither samples/count nor cpu/nanoseconds",
  );
}

function checkValues({ samples }: Profile, column: number): void {
  for (let sample = 0; sample < samples.length; sample++) {
    if (int64At(samples.values[column], sample) >= 0) continue;
    throw new ProfileError("it has negative values, as differences have; these weigh no calls");
  }
}

function checkStartLines({ calls }: CallWeights): void {
  const isKnown = calls.some((call) => call.startLine !== 0 || call.calleeStartLine !== 0);
  if (isKnown) return;
  throw new ProfileError(
    "no function has its first line (start_line), without which Go's compiler refuses a " +
      "profile; programs built by Go 1.20 or later write it",
  );
}

/** Of calls in the order of their weight the first with the share `keep` of the total. */
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

/** The sum of the weights in one of the columns. */
function sum(calls: readonly WeighedCall[], column = 0): Int64 {
  return calls.reduce<Int64>((total, { weights }) => add(total, weights[column]), 0);
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
  const places = new PlaceBuilder(builder);
  for (const call of calls) {
    const caller = places.at(call.caller, call.startLine, call.line);
    // A line of 0 tells a function from a caller of the same name, as does an address.
    const isSame = call.line === 0 && call.caller === call.callee;
    const callee = places.at(call.callee, call.calleeStartLine, 0, isSame ? 1 : 0);
    builder.addSample([callee, caller], call.weights);
  }
  addRest(builder, places, rest, calls.at(-1)?.weights[0] ?? 1);
  return builder.finish({ period, periodType: text(periodType), comments: [COMMENT] });
}

/**
 * Adds calls of nothing with these weights together, each of at most `most` in the first. Every
 * line calls the next one, all inlined into one location: each is another call to the compiler.
 */
function addRest(
  builder: ProfileBuilder,
  places: PlaceBuilder,
  rest: readonly Int64[],
  most: Int64,
): void {
  const [weight] = rest;
  if (weight <= 0) return;
  const least = divide(add(weight, MOST_LEFT_OUT - 1), MOST_LEFT_OUT);
  const each = compare(most, least) < 0 ? least : most;
  const whole = Number(divide(weight, each));
  const last = add(weight, negate(multiply(each, whole)));
  const count = whole + (last === 0 ? 0 : 1);
  const others = rest.slice(1).map((other) => divide(other, count));
  const remainders = rest
    .slice(1)
    .map((other, i) => add(other, negate(multiply(others[i], count))));
  for (let line = 1; line <= whole; line += MOST_INLINED) {
    const end = Math.min(line + MOST_INLINED, whole + 1);
    builder.addSample([places.chain(LEFT_OUT, line, end)], [each, ...others]);
  }
  if (last !== 0) builder.addSample([places.chain(LEFT_OUT, count, count + 1)], [last, ...others]);
  // Of the other sample types the compiler takes none; their totals are kept for people.
  if (remainders.some((value) => value !== 0)) {
    builder.addSample([places.at(LEFT_OUT, 0, 1)], [0, ...remainders]);
  }
}

/** Adds places to a profile, each of them once. */
class PlaceBuilder {
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

  /** A location in which each line of a function, from the first on, calls the next one. */
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
