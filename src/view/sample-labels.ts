import { int64At } from "../profile/columns.js";
import { isNumberLabel, isTextLabel } from "../profile/labels.js";
import type { Int64 } from "../units/int64.js";
import type { View } from "./view.js";

/** The numbers that a sample has for one key. */
export interface NumberLabel {
  readonly values: Int64[];
  /** The unit of each value, empty where it has none; undefined where no value has one. */
  units: string[] | undefined;
}

/** The labels of one sample by key, the values of a key in the order of the file. */
export interface SampleLabels {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly numbers: ReadonlyMap<string, Readonly<NumberLabel>>;
}

const NONE: SampleLabels = { texts: new Map(), numbers: new Map() };

/** The labels of `sample` that are shown. */
export function labelsOf(
  { profile, hiddenLabelKeys }: Pick<View, "profile" | "hiddenLabelKeys">,
  sample: number,
): SampleLabels {
  const { samples, labels, strings } = profile;
  const end = samples.labelOffsets[sample + 1];
  let row = samples.labelOffsets[sample];
  if (row === end) return NONE;
  const texts = new Map<string, string[]>();
  const numbers = new Map<string, NumberLabel>();
  for (; row < end; row++) {
    if (hiddenLabelKeys?.[labels.key[row]]) continue;
    const key = strings.get(labels.key[row]);
    if (isTextLabel(labels, row)) {
      const text = strings.get(labels.text[row]);
      const known = texts.get(key);
      if (known) known.push(text);
      else texts.set(key, [text]);
    } else if (isNumberLabel(labels, row)) {
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
