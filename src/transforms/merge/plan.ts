import { ProfileError } from "../../profile/errors.js";
import type { Profile, ValueType } from "../../profile/profile.js";
import { encodeUtf8 } from "../../profile/utf8.js";
import { areConvertible, scale } from "../../units/scale.js";
import { scaleValue, scaleValues } from "../scale-values.js";

/** A sample type by its names. */
export interface NamedType {
  readonly type: string;
  readonly unit: string;
}

/** The sample types that profiles must have in common before they are merged. */
export interface MergePlan {
  /** The common sample types, in the order of the first profile, each in its finest unit. */
  readonly sampleTypes: readonly NamedType[];
  readonly periodType: NamedType;
}

export function planFor(profile: Profile): MergePlan {
  const types = profile.sampleTypes.map((type) => named(profile, type));
  return {
    sampleTypes: types.filter(
      ({ type }) => types.filter((other) => other.type === type).length === 1,
    ),
    periodType: named(profile, profile.periodType),
  };
}

/**
 * Returns the plan that includes one more profile; `plan` itself if nothing changes. Throws a
 * {@link ProfileError} if that profile measures something different.
 */
export function extendPlan(plan: MergePlan, profile: Profile): MergePlan {
  const added = planFor(profile);
  let isSame = true;
  const sampleTypes = plan.sampleTypes.flatMap((type) => {
    const other = added.sampleTypes.find((candidate) => candidate.type === type.type);
    const finer = other && finerType(type, other);
    if (other && !finer) {
      throw new ProfileError(
        `its ${type.type} is in ${other.unit}, that of the profiles before it in ${type.unit}`,
      );
    }
    if (finer !== type) isSame = false;
    return finer ?? [];
  });
  if (sampleTypes.length === 0) {
    throw new ProfileError(
      "it has no sample type in common with the profiles before it: " +
        `${typeList(added)} here, ${typeList(plan)} there`,
    );
  }
  const periodType = finerType(plan.periodType, added.periodType);
  if (!periodType) {
    throw new ProfileError(
      `its period is ${describe(added.periodType)}, ` +
        `that of the profiles before it is ${describe(plan.periodType)}`,
    );
  }
  if (periodType !== plan.periodType) isSame = false;
  return isSame ? plan : { sampleTypes, periodType };
}

/**
 * Reduces a profile to the sample types of a plan that includes it, and converts units. Sample
 * types with duplicate names are dropped, since nobody can select one of them. Throws a {@link
 * ProfileError} if no sample type remains.
 */
export function conformTo(plan: MergePlan, profile: Profile): Profile {
  const { strings, samples, observations } = profile;
  const own = profile.sampleTypes.map((type) => named(profile, type));
  if (plan.sampleTypes.length === 0 && own.length > 0) {
    throw new ProfileError("all sample types have duplicate names, so none can be selected");
  }
  const rows = plan.sampleTypes.map(({ type }) => own.findIndex((other) => other.type === type));
  const isWhole = rows.length === own.length && rows.every((row, i) => row === i);
  const hasUnits = plan.sampleTypes.every(({ unit }, i) => unit === own[rows[i]].unit);
  const period = named(profile, profile.periodType);
  if (isWhole && hasUnits && period.unit === plan.periodType.unit) return profile;

  const ratio = (from: NamedType, to: NamedType) =>
    from.unit === to.unit ? 1 : scale(1, from.unit, to.unit).value;
  const units = [...plan.sampleTypes, plan.periodType].map(({ unit }) => encodeUtf8(unit));
  const unitAt = (i: number) => (strings.length + i) as ValueType["unit"];
  const chosen: Profile = {
    ...profile,
    strings: strings.extend(units),
    sampleTypes: rows.map((row, i) => ({ type: profile.sampleTypes[row].type, unit: unitAt(i) })),
    samples: { ...samples, values: rows.map((row) => samples.values[row]) },
    observations: observations && {
      ...observations,
      values: rows.map((row) => observations.values[row]),
    },
    periodType: { type: profile.periodType.type, unit: unitAt(rows.length) },
    period: scaleValue(profile.period, ratio(period, plan.periodType)),
    defaultSampleType: isWhole ? profile.defaultSampleType : chosenDefault(profile, rows),
  };
  return scaleValues(
    chosen,
    plan.sampleTypes.map((type, i) => ratio(own[rows[i]], type)),
  );
}

/** Returns the profile without sample types with duplicate names. */
export function uniqueSampleTypes(profile: Profile): Profile {
  return conformTo(planFor(profile), profile);
}

/** Returns the profile's default sample type if it remains, else the first one. */
function chosenDefault(
  { strings, sampleTypes, defaultSampleType }: Profile,
  rows: readonly number[],
) {
  const isThere = rows.some((row) => strings.equal(sampleTypes[row].type, defaultSampleType));
  return isThere ? defaultSampleType : sampleTypes[rows[0]].type;
}

function named({ strings }: Profile, { type, unit }: ValueType): NamedType {
  return { type: strings.get(type), unit: strings.get(unit) };
}

/** Returns the type with the finer unit, or undefined if the two cannot be added. */
function finerType(a: NamedType, b: NamedType): NamedType | undefined {
  if (a.type !== b.type) return undefined;
  if (a.unit === b.unit) return a;
  if (!areConvertible(a.unit, b.unit)) return undefined;
  return scale(1, b.unit, a.unit).value < 1 ? b : a;
}

function typeList({ sampleTypes }: MergePlan): string {
  return sampleTypes.map(({ type }) => type).join(", ") || "none";
}

function describe({ type, unit }: NamedType): string {
  return type === "" && unit === "" ? "not told" : `${type} in ${unit}`;
}
