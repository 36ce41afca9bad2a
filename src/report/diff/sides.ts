import { usageError } from "../../errors/user-error.js";
import type { Int64 } from "../../units/int64.js";
import { areConvertible, scale } from "../../units/scale.js";
import { scaleByRatio } from "../value-format.js";
import type { FunctionSums, ProfileSums, SampleCounting } from "./sums.js";

/** The value of a function itself, or with its callees. */
export type Metric = "flat" | "cum";
export const METRICS: readonly Metric[] = ["flat", "cum"];

/** A function in every profile, those of the base first. Its sums are 0 where it is missing. */
export interface FunctionRuns {
  readonly name: string;
  readonly runs: readonly FunctionSums[];
}

/** The profiles of both sides, converted to one unit. */
export interface Sides {
  readonly type: string;
  readonly unit: string;
  /** The number of profiles of the base. The others are on the new side. */
  readonly baseCount: number;
  /** By profile: the total that shares refer to, and the number of samples. */
  readonly totals: readonly Int64[];
  readonly samples: readonly number[];
  /** `records` if at least one profile does not count samples. */
  readonly counting: SampleCounting;
  readonly functions: readonly FunctionRuns[];
  /** Whether all profiles were scaled to the same total. */
  readonly isNormalized: boolean;
}

const ABSENT: FunctionSums = { flat: 0, cum: 0, flatSamples: 0, cumSamples: 0 };

/**
 * Combines the profiles of two sides, in the unit of the first. With `normalizes`, scales each
 * profile to the mean total of the base, which compares shares of profiles with different durations
 * or loads. Throws a {@link UserError} if the units cannot be converted.
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
  const names = new Set(all.flatMap(({ functions }) => [...functions.keys()]));
  const functions = [...names].map((name) => ({
    name,
    runs: all.map((profile, i) => scaleSums(profile.functions.get(name) ?? ABSENT, ratios[i])),
  }));
  return {
    type,
    unit,
    baseCount: base.length,
    totals: all.map(({ total }, i) => scaleByRatio(total, ratios[i])),
    samples: all.map(({ samples }) => samples),
    counting: all.every(({ counting }) => counting === "samples") ? "samples" : "records",
    functions,
    isNormalized: normalizes,
  };
}

function unitRatio({ type, unit }: ProfileSums, wanted: string): number {
  if (unit === wanted) return 1;
  if (areConvertible(unit, wanted)) return scale(1, unit, wanted).value;
  throw usageError(
    `cannot compare ${type}: its unit is ${JSON.stringify(unit)} in one profile and ` +
      `${JSON.stringify(wanted)} in another`,
  );
}

function scaleSums(sums: FunctionSums, ratio: number): FunctionSums {
  if (ratio === 1) return sums;
  return {
    ...sums,
    flat: scaleByRatio(sums.flat, ratio),
    cum: scaleByRatio(sums.cum, ratio),
  };
}
