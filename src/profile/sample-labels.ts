import type { Int64 } from "../units/int64.js";
import { int64At } from "./columns.js";
import { isStringLabel } from "./labels.js";
import type { Profile } from "./profile.js";

/** The numeric labels of a sample with the same key. */
export interface NumberLabel {
  readonly values: Int64[];
  /** The unit of each value, empty for none; undefined if no value has a unit. */
  units: string[] | undefined;
}

/** The labels of one sample by key. The values of a key keep the order of the file. */
export interface SampleLabels {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly numbers: ReadonlyMap<string, Readonly<NumberLabel>>;
}

const NONE: SampleLabels = { texts: new Map(), numbers: new Map() };

/** Returns the labels of `sample`, except those whose key has a 1 in `hiddenKeys`. */
export function labelsOf(
  { samples, labels, strings }: Profile,
  sample: number,
  hiddenKeys?: Uint8Array,
): SampleLabels {
  const end = samples.labelOffsets[sample + 1];
  let row = samples.labelOffsets[sample];
  if (row === end) return NONE;
  const texts = new Map<string, string[]>();
  const numbers = new Map<string, NumberLabel>();
  for (; row < end; row++) {
    if (hiddenKeys?.[labels.key[row]]) continue;
    const key = strings.get(labels.key[row]);
    if (isStringLabel(labels, row)) {
      const text = strings.get(labels.text[row]);
      const known = texts.get(key);
      if (known) known.push(text);
      else texts.set(key, [text]);
    } else {
      let label = numbers.get(key);
      if (!label) {
        label = { values: [], units: undefined };
        numbers.set(key, label);
      }
      const unit = labels.unit[row];
      if (unit !== 0) label.units ??= label.values.map(() => "");
      label.values.push(int64At(labels.number, row));
      label.units?.push(strings.get(unit));
    }
  }
  return { texts, numbers };
}
