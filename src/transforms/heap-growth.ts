import { CHANGE_LABEL, type Change } from "../profile/change-label.js";
import { Int64Builder, type Int64Column, int64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile, ValueType } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";
import { compare, exactDifference, type Int64 } from "../units/int64.js";
import { labelSamples } from "./label-samples.js";
import { ProfileMerger } from "./merge/merger.js";
import { conformTo, extendPlan, planFor } from "./merge/plan.js";
import { scaleValues } from "./scale-values.js";

/** The sample types of heap growth. */
const OBJECTS = "inuse_objects";
const SPACE = "inuse_space";

/** The sample types of all allocations, and names for what remains of the objects in use. */
const ALL = ["alloc_objects", "alloc_space"];
const REMAINING = ["remaining_objects", "remaining_space"];

/**
 * Joins memory that was allocated between two points in time with memory that was freed, both as
 * positive values, to a profile of the growth: see {@link CHANGE_LABEL}. Throws a ProfileError if
 * the result needs more than `limit` bytes.
 */
export function joinGrowth(allocated: Profile, freed: Profile, limit: number): Profile {
  return join([allocated, "allocated"], [freed, "freed"], limit);
}

/**
 * Returns the growth between two heap profiles of one process. Profiles that also count all
 * allocations, as Go's do, show what was allocated and freed; others only show the memory in use at
 * both points. Throws a ProfileError if they are not profiles of the memory in use.
 */
export function heapGrowth(before: Profile, after: Profile, limit: number): Profile {
  const plan = extendPlan(planFor(after), before);
  const types = plan.sampleTypes.map(({ type }) => type);
  if (!types.includes(SPACE)) {
    throw new ProfileError(
      `the sample types ${types.join(", ")} do not include ${SPACE}, the memory in use`,
    );
  }
  const countsAll = [OBJECTS, ...ALL].every((type) => types.includes(type));
  const growth = countsAll
    ? turnover(conformTo(plan, before), conformTo(plan, after), limit)
    : join([inUse(after), "after"], [inUse(before), "before"], limit);
  const { timeNanos } = before;
  return { ...growth, timeNanos, durationNanos: exactDifference(after.timeNanos, timeNanos) };
}

/**
 * Returns the growth between two profiles with all allocations since the start of the program. What
 * was allocated and freed meanwhile counts as neither, as far as the profiles show it: of the
 * objects of one size and stack that were allocated, no more remain than are in use afterwards.
 */
function turnover(before: Profile, after: Profile, limit: number): Profile {
  const none = zeros(before.samples.length);
  const base = withRemaining(before, none, none);
  const merger = new ProfileMerger(limit);
  merger.add(withRemaining(after, columnOf(after, OBJECTS), columnOf(after, SPACE)));
  merger.add(
    scaleValues(
      base,
      base.sampleTypes.map(() => -1),
    ),
  );
  const change = merger.finish();
  const [objects, space] = [columnOf(change, OBJECTS), columnOf(change, SPACE)];
  const [allObjects, allSpace] = ALL.map((type) => columnOf(change, type));
  const [nowObjects, nowSpace] = REMAINING.map((type) => columnOf(change, type));
  const allocatedObjects = combine(allObjects, nowObjects, least);
  const allocatedSpace = combine(allSpace, nowSpace, least);
  return joinGrowth(
    withInUse(change, allocatedObjects, allocatedSpace),
    withInUse(
      change,
      combine(allocatedObjects, objects, exactDifference),
      combine(allocatedSpace, space, exactDifference),
    ),
    limit,
  );
}

function join(
  [more, moreChange]: readonly [Profile, Change],
  [less, lessChange]: readonly [Profile, Change],
  limit: number,
): Profile {
  const merger = new ProfileMerger(limit);
  merger.add(labelled(more, moreChange));
  const negative = less.sampleTypes.map(() => -1);
  merger.add(labelled(scaleValues(less, negative), lessChange));
  const growth = merger.finish();
  const space = growth.sampleTypes.find(({ type }) => growth.strings.get(type) === SPACE);
  return {
    ...growth,
    defaultSampleType: space?.type ?? growth.defaultSampleType,
    durationNanos: more.durationNanos,
  };
}

function labelled(profile: Profile, change: Change): Profile {
  return labelSamples(profile, CHANGE_LABEL.key, CHANGE_LABEL[change]);
}

/** Returns the sample types of the memory in use, without the others. */
function inUse(profile: Profile): Profile {
  const plan = planFor(profile);
  const sampleTypes = plan.sampleTypes.filter(({ type }) => type === OBJECTS || type === SPACE);
  return conformTo({ ...plan, sampleTypes }, profile);
}

/** Returns the sample types of the memory in use, with other values. */
function withInUse(profile: Profile, objects: Int64Column, space: Int64Column): Profile {
  const { strings, sampleTypes, samples } = profile;
  const values = sampleTypes.map(({ type }, i) => {
    const name = strings.get(type);
    return name === OBJECTS ? objects : name === SPACE ? space : samples.values[i];
  });
  return inUse({ ...profile, samples: { ...samples, values } });
}

/** Adds two sample types for what remains in use. */
function withRemaining(profile: Profile, objects: Int64Column, space: Int64Column): Profile {
  const { strings, sampleTypes, samples } = profile;
  const added = [OBJECTS, SPACE].map((name, i) => {
    const same = sampleTypes.find(({ type }) => strings.get(type) === name) as ValueType;
    return { type: (strings.length + i) as StringIndex, unit: same.unit };
  });
  return {
    ...profile,
    strings: strings.extend(REMAINING.map(encodeUtf8)),
    sampleTypes: [...sampleTypes, ...added],
    samples: { ...samples, values: [...samples.values, objects, space] },
    observations: undefined,
  };
}

function columnOf({ sampleTypes, strings, samples }: Profile, name: string): Int64Column {
  return samples.values[sampleTypes.findIndex(({ type }) => strings.get(type) === name)];
}

function zeros(length: number): Int64Column {
  return new Float64Array(length);
}

function least(a: Int64, b: Int64): Int64 {
  return compare(a, b) < 0 ? a : b;
}

function combine(
  a: Int64Column,
  b: Int64Column,
  operation: (a: Int64, b: Int64) => Int64,
): Int64Column {
  const column = new Int64Builder();
  for (let row = 0; row < a.length; row++) column.push(operation(int64At(a, row), int64At(b, row)));
  return column.finish();
}
