import type { StringIndex } from "../profile/indices.js";
import { isNumberLabel } from "../profile/labels.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { StringInterner } from "../profile/strings.js";

export interface LabelUnits {
  /** By key: the unit of its values. */
  units: Map<string, string>;
  /** By key: the other units that labels with this key name, sorted. */
  ignored: Map<string, string[]>;
}

/**
 * Finds the unit of each numeric label: the first one that a sample names. A key without a unit has
 * the unit `bytes` if it is `alignment` or `request`, and otherwise its own name as the unit.
 */
export const labelUnits = memoized(({ labels, strings }: Profile): LabelUnits => {
  const interner = new StringInterner(strings);
  const unitOfKey = new Map<StringIndex, StringIndex>();
  const others = new Map<StringIndex, Set<StringIndex>>();
  for (let row = 0; row < labels.length; row++) {
    if (!isNumberLabel(labels, row)) continue;
    const key = interner.canonical(labels.key[row]);
    const unit = interner.canonical(labels.unit[row]);
    const known = unitOfKey.get(key);
    if (!known) {
      unitOfKey.set(key, unit);
    } else if (unit !== 0 && unit !== known) {
      const set = others.get(key) ?? new Set();
      others.set(key, set.add(unit));
    }
  }
  const units = new Map<string, string>();
  for (const [key, unit] of unitOfKey) {
    const name = strings.get(key);
    const inferred = name === "alignment" || name === "request" ? "bytes" : name;
    units.set(name, unit === 0 ? inferred : strings.get(unit));
  }
  const ignored = new Map<string, string[]>();
  for (const [key, set] of others) {
    ignored.set(strings.get(key), [...set].map((unit) => strings.get(unit)).sort());
  }
  return { units, ignored };
});
