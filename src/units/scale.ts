import { fixed2 } from "./format.js";
import { type Int64, negate } from "./int64.js";

/** A number with the name of its unit; the name is empty where it says nothing. */
export interface Measure {
  value: number;
  unit: string;
}

interface Unit {
  /** As it is printed. */
  name: string;
  /** Lower case, singular. */
  aliases: readonly string[];
  /** How many of the kind's base unit one of these is. */
  factor: number;
}

interface Kind {
  units: readonly Unit[];
  /** Used where the wanted unit is not of this kind, and for values below every unit. */
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

/** Google compute units, which pprof knows too. */
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

/** Units that are not worth printing, and the two that ask for a choice. */
const SILENT_UNITS = new Set(["count", "sample", "unit", "minimum", "auto"]);

/** What {@link findUnit} has found: every value of a report asks for the same few. */
const found = new Map<Kind, Map<string, Unit | undefined>>(KINDS.map((kind) => [kind, new Map()]));

/** The unit of `kind` that `name` stands for, in any spelling that pprof takes. */
function findUnit(kind: Kind, name: string): Unit | undefined {
  const known = found.get(kind) as Map<string, Unit | undefined>;
  if (!known.has(name)) known.set(name, lookUpUnit(kind, name));
  return known.get(name);
}

function lookUpUnit(kind: Kind, name: string): Unit | undefined {
  let alias = name.toLowerCase();
  // pprof counts bytes here, so that even "μs" loses its s, and is then not found.
  if ((alias.length > 2 || alias === "μs") && alias.endsWith("s")) alias = alias.slice(0, -1);
  return kind.units.find((unit) => unit.aliases.includes(alias));
}

/** The largest unit of `kind` in which `inBase` is at least 1. */
function naturalUnit(kind: Kind, inBase: number): Unit | undefined {
  let best: Unit | undefined;
  for (const unit of kind.units) {
    if (unit.factor >= (best?.factor ?? 0) && inBase / unit.factor >= 1) best = unit;
  }
  return best;
}

/**
 * Converts `value` from one unit to another. The unit `"auto"` (or `"minimum"`) picks
 * the largest one that leaves at least 1. A wanted unit that is unknown, or of another
 * kind, becomes the kind's default (`s`, `B`, `GCU`). A value whose own unit is unknown
 * is left as it is, under the wanted unit's name.
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

/** `value` in the unit `to` as text, such as `36ms`, `1.02s`, `512kB` or `0`. */
export function scaledLabel(value: Int64, from: string, to: string): string {
  const scaled = scale(value, from, to);
  let digits = fixed2(scaled.value);
  if (digits.endsWith(".00")) digits = digits.slice(0, -3);
  return digits === "0" || digits === "-0" ? "0" : digits + scaled.unit;
}

/** Whether values in one of the units can be told in the other. */
export function areConvertible(a: string, b: string): boolean {
  return KINDS.some((kind) => findUnit(kind, a) && findUnit(kind, b));
}
