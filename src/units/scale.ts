import { fixed2 } from "./format.js";
import { type Int64, negate } from "./int64.js";

/** A number and the name of its unit, which may be empty. */
export interface Measure {
  value: number;
  unit: string;
}

interface Unit {
  /** The printed name. */
  name: string;
  /** Names in lower case, singular. */
  aliases: readonly string[];
  /** The size of the unit, in base units of its kind. */
  factor: number;
}

interface Kind {
  units: readonly Unit[];
  /** Used if the wanted unit has another kind, and for values below the smallest unit. */
  fallback: { name: string; factor: number };
}

const bytes: Kind = {
  units: [
    { name: "B", aliases: ["b", "byte"], factor: 1 },
    { name: "kB", aliases: ["kb", "kbyte", "kilobyte"], factor: 2 ** 10 },
    { name: "MB", aliases: ["mb", "mbyte", "megabyte"], factor: 2 ** 20 },
    { name: "GB", aliases: ["gb", "gbyte", "gigabyte"], factor: 2 ** 30 },
    { name: "TB", aliases: ["tb", "tbyte", "terabyte"], factor: 2 ** 40 },
    { name: "PB", aliases: ["pb", "pbyte", "petabyte"], factor: 2 ** 50 },
  ],
  fallback: { name: "B", factor: 1 },
};

const time: Kind = {
  units: [
    { name: "ns", aliases: ["ns", "nanosecond"], factor: 1 },
    { name: "us", aliases: ["μs", "us", "microsecond"], factor: 1e3 },
    { name: "ms", aliases: ["ms", "millisecond"], factor: 1e6 },
    { name: "s", aliases: ["s", "sec", "second"], factor: 1e9 },
    { name: "hrs", aliases: ["hour", "hr"], factor: 3600e9 },
  ],
  fallback: { name: "s", factor: 1e9 },
};

/** Google compute units, as in pprof. */
const gcu: Kind = {
  units: [
    { name: "n*GCU", aliases: ["nanogcu"], factor: 1e-9 },
    { name: "u*GCU", aliases: ["microgcu"], factor: 1e-6 },
    { name: "m*GCU", aliases: ["milligcu"], factor: 1e-3 },
    { name: "GCU", aliases: ["gcu"], factor: 1 },
    { name: "k*GCU", aliases: ["kilogcu"], factor: 1e3 },
    { name: "M*GCU", aliases: ["megagcu"], factor: 1e6 },
    { name: "G*GCU", aliases: ["gigagcu"], factor: 1e9 },
    { name: "T*GCU", aliases: ["teragcu"], factor: 1e12 },
    { name: "P*GCU", aliases: ["petagcu"], factor: 1e15 },
  ],
  fallback: { name: "GCU", factor: 1 },
};

const KINDS = [bytes, time, gcu];

/** Units that are not printed, and the two that ask for an automatic choice. */
const SILENT_UNITS = new Set(["count", "sample", "unit", "minimum", "auto"]);

/** Cache of {@link findUnit}: all values of a report use the same few units. */
const found = new Map<Kind, Map<string, Unit | undefined>>(KINDS.map((kind) => [kind, new Map()]));

/** Returns the unit of `kind` with this name, in any spelling that pprof accepts. */
function findUnit(kind: Kind, name: string): Unit | undefined {
  const known = found.get(kind) as Map<string, Unit | undefined>;
  if (!known.has(name)) known.set(name, lookUpUnit(kind, name));
  return known.get(name);
}

function lookUpUnit(kind: Kind, name: string): Unit | undefined {
  let alias = name.toLowerCase();
  // pprof compares lengths in bytes here, so even "μs" loses its s, and is not found.
  if ((alias.length > 2 || alias === "μs") && alias.endsWith("s")) alias = alias.slice(0, -1);
  return kind.units.find((unit) => unit.aliases.includes(alias));
}

/** Returns the largest unit of `kind` in which `inBase` is at least 1. */
function naturalUnit(kind: Kind, inBase: number): Unit | undefined {
  let best: Unit | undefined;
  for (const unit of kind.units) {
    if (unit.factor >= (best?.factor ?? 0) && inBase / unit.factor >= 1) best = unit;
  }
  return best;
}

/**
 * Converts `value` from one unit to another. `"auto"` and `"minimum"` pick the largest unit in
 * which the value is at least 1. An unknown target unit, or one of another kind, becomes the
 * default of the kind (`s`, `B`, `GCU`). A value with an unknown unit is returned unchanged, with
 * the name of the target unit.
 */
export function scale(value: Int64, from: string, to: string): Measure {
  if (value < 0 && negate(value) > 0) {
    const { value: positive, unit } = scale(negate(value), from, to);
    return { value: -positive, unit };
  }
  for (const kind of KINDS) {
    const source = findUnit(kind, from);
    if (!source) continue;
    const inBase = Number(value) * source.factor;
    const target =
      to === "minimum" || to === "auto" ? naturalUnit(kind, inBase) : findUnit(kind, to);
    const { factor, name } = target ?? kind.fallback;
    return { value: inBase / factor, unit: name };
  }
  return { value: Number(value), unit: SILENT_UNITS.has(to) ? "" : to };
}

/** Formats `value` in the unit `to`, such as `36ms`, `1.02s`, `512kB` or `0`. */
export function scaledLabel(value: Int64, from: string, to: string): string {
  const scaled = scale(value, from, to);
  let digits = fixed2(scaled.value);
  if (digits.endsWith(".00")) digits = digits.slice(0, -3);
  return digits === "0" || digits === "-0" ? "0" : digits + scaled.unit;
}

export function areConvertible(a: string, b: string): boolean {
  return KINDS.some((kind) => findUnit(kind, a) && findUnit(kind, b));
}
