import { usageError } from "../../errors/user-error.js";
import type { Int64 } from "../../units/int64.js";
import { areConvertible, scale } from "../../units/scale.js";
import { scaleByRatio } from "../value-format.js";
import type { PlaceSums, ProfileSums, SampleCounting } from "./sums.js";

/** What a place takes itself, or with all that it calls. */
export type Metric = "flat" | "cum";
export const METRICS: readonly Metric[] = ["flat", "cum"];

/** A place in every profile: those of the base, then the new ones. Where it is missing it is 0. */
export interface PlaceRuns {
  readonly name: string;
  readonly runs: readonly PlaceSums[];
}

/** Two sides of profiles, made comparable. */
export interface Sides {
  readonly type: string;
  readonly unit: string;
  /** How many profiles the base has; the others are new. */
  readonly baseCount: number;
  /** Of each profile: what shares are of, and the number of its samples. */
  readonly totals: readonly Int64[];
  readonly samples: readonly number[];
  /** `records` where that is all that can be counted in some profile. */
  readonly counting: SampleCounting;
  readonly places: readonly PlaceRuns[];
  /** Whether all profiles were scaled to one total. */
  readonly isNormalized: boolean;
}

const NOWHERE: PlaceSums = { flat: 0, cum: 0, flatSamples: 0, cumSamples: 0 };

/**
 * Puts the profiles of two sides together, in the unit of the first. With `normalizes` each is
 * scaled to the mean total of the base, so that what is compared is shares: for profiles of
 * different length or load. Throws a {@link UserError} where they measure different things.
 */
export function compareSides(
  base: readonly ProfileSums[],
  next: readonly ProfileSums[],
  normalizes: boolean,
): Sides {
  const all = [...base, ...next];
  const [{ type, unit }] = base;
  const meanTotal =
    base.reduce((sum, profile) => sum + unitRatio(profile, unit) * Number(profile.total), 0) /
    base.length;
  const ratios = all.map((profile) => {
    const ratio = unitRatio(profile, unit);
    if (!normalizes) return ratio;
    return profile.total > 0 ? meanTotal / Number(profile.total) : 1;
  });
  const names = new Set(all.flatMap(({ places }) => [...places.keys()]));
  const places = [...names].map((name) => ({
    name,
    runs: all.map((profile, i) => scaled(profile.places.get(name) ?? NOWHERE, ratios[i])),
  }));
  return {
    type,
    unit,
    baseCount: base.length,
    totals: all.map(({ total }, i) => scaleByRatio(total, ratios[i])),
    samples: all.map(({ samples }) => samples),
    counting: all.every(({ counting }) => counting === "samples") ? "samples" : "records",
    places,
    isNormalized: normalizes,
  };
}

function unitRatio({ type, unit }: ProfileSums, wanted: string): number {
  if (unit === wanted) return 1;
  if (areConvertible(unit, wanted)) return scale(1, unit, wanted).value;
  throw usageError(
    `${type} is in ${JSON.stringify(unit)} in one profile and in ${JSON.stringify(wanted)} in ` +
      "another, so that they cannot be compared",
  );
}

function scaled(place: PlaceSums, ratio: number): PlaceSums {
  if (ratio === 1) return place;
  return {
    ...place,
    flat: scaleByRatio(place.flat, ratio),
    cum: scaleByRatio(place.cum, ratio),
  };
}
