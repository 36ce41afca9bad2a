import { usageError } from "../../errors/user-error.js";
import type { Int64 } from "../../units/int64.js";
import { areConvertible, scale } from "../../units/scale.js";
import { matchPlaced, type Placed } from "../../view/match-functions.js";
import type { NodeRef } from "../node-ref.js";
import { scaleByRatio } from "../value-format.js";
import type { FunctionSums, ProfileSums, SampleCounting } from "./sums.js";

/** The value of a function itself, or with its callees. */
export type Metric = "flat" | "cum";
export const METRICS: readonly Metric[] = ["flat", "cum"];

/** A function in every profile, those of the base first. Its sums are 0 where it is missing. */
export interface FunctionRuns {
  /** The function in the last profile that has it, so that its position is the newest. */
  readonly node: NodeRef;
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
  const functions = commonRows(all).map(({ node, sums }) => ({
    node,
    runs: all.map((_, i) => scaleSums(sums[i] ?? ABSENT, ratios[i])),
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

/** A function with its sums by profile; undefined where it is missing. */
interface CommonRow {
  node: NodeRef;
  readonly sums: (FunctionSums | undefined)[];
}

/** Matches the functions of all profiles, one profile after the other. */
function commonRows(profiles: readonly ProfileSums[]): CommonRow[] {
  const byName = new Map<string, CommonRow>();
  const withPosition: CommonRow[] = [];
  profiles.forEach(({ functions }, profile) => {
    const placed = functions.filter(({ hasPosition }) => hasPosition);
    const matches = matchPlaced(
      withPosition.map(({ node }) => placedOf(node)),
      placed.map(({ node }) => placedOf(node)),
    );
    placed.forEach(({ node, sums }, i) => {
      const row = withPosition[matches[i]] ?? { node, sums: [] };
      if (matches[i] < 0) withPosition.push(row);
      row.node = node;
      row.sums[profile] = sums;
    });
    for (const { node, hasPosition, sums } of functions) {
      if (hasPosition) continue;
      const row = byName.get(node.name) ?? { node, sums: [] };
      byName.set(node.name, row);
      row.sums[profile] = sums;
    }
  });
  return [...byName.values(), ...withPosition];
}

function placedOf({ name, function: bareName = name, file = "", ...at }: NodeRef): Placed {
  return { name: bareName, file, line: at.line ?? 0, column: at.column ?? 0 };
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
