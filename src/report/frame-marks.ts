import { type BuiltFlame, NO_FRAME } from "../graph/flame-builder.js";
import { sizesOf, splitSigns } from "../graph/signed-values.js";
import { type Int64Column, int64At } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import { isStringLabel } from "../profile/labels.js";
import type { Profile } from "../profile/profile.js";
import { scaledLabel } from "../units/scale.js";
import { labelUnits } from "../view/label-units.js";
import type { NodeIndex } from "../view/node-table.js";
import type { View } from "../view/view.js";

/** Facts about frames beyond their functions, for colours. */
export type MarkedBy = { readonly label: string } | "binary";

/** A name for each frame: its binary, or its most expensive value of a label. */
export interface FrameMarks {
  readonly names: readonly string[];
  /** By frame: a row of {@link names}. */
  readonly frames: Uint32Array;
}

/** The mark of frames of which no value of the label has more than half. */
export const MIXED = "(mixed)";
/** The mark of frames whose samples do not have the label. */
export const UNLABELLED = "(none)";

/** Labels with more values are counted together beyond this number: each costs a pass. */
const MAX_VALUES = 200;
const OTHER = "(other values)";

/** Marks frames with the names of their nodes. */
export function marksOfNodes(
  { nodes }: BuiltFlame,
  nameOf: ReadonlyMap<NodeIndex, string>,
): FrameMarks {
  const names = new Names();
  const frames = Uint32Array.from(nodes, (node) => names.rowOf(nameOf.get(node) ?? ""));
  return { names: names.all, frames };
}

/**
 * Marks each frame with the value of a label that has more than half of the frame's cost, whatever
 * the signs of its samples are.
 */
export function marksOfLabel(
  view: View,
  values: Int64Column,
  built: BuiltFlame,
  label: string,
): FrameMarks {
  const { length, callers } = built.tree;
  const { plus, minus } = splitSigns(view, values);
  const sizes = sizesOf(plus, minus);
  const frameOf = built.framesOfSamples();
  const labelOf = labelValues(view.profile, label);
  const names = new Names();
  const rows = heaviestFirst(frameOf, sizes, labelOf, names);
  const total = new Float64Array(length);
  const best = new Float64Array(length);
  const frames = new Uint32Array(length);
  const sums = new Float64Array(length);
  for (const [row, samples] of rows) {
    sums.fill(0);
    for (const sample of samples) sums[frameOf[sample]] += sizes[sample];
    for (let frame = length - 1; frame > 0; frame--) sums[callers[frame]] += sums[frame];
    for (let frame = 0; frame < length; frame++) {
      total[frame] += sums[frame];
      if (sums[frame] <= best[frame]) continue;
      best[frame] = sums[frame];
      frames[frame] = row;
    }
  }
  const mixed = names.rowOf(MIXED);
  for (let frame = 0; frame < length; frame++) {
    if (best[frame] * 2 <= total[frame]) frames[frame] = mixed;
  }
  return { names: names.all, frames };
}

/** Returns the samples of each value, as rows of `names`; the values beyond the limit are one. */
function heaviestFirst(
  frameOf: Int32Array,
  sizes: Float64Array,
  labelOf: (sample: number) => string,
  names: Names,
): Map<number, number[]> {
  const byValue = new Map<string, { size: number; samples: number[] }>();
  frameOf.forEach((frame, sample) => {
    if (frame === NO_FRAME) return;
    const value = labelOf(sample);
    const known = byValue.get(value) ?? { size: 0, samples: [] };
    byValue.set(value, known);
    known.size += sizes[sample];
    known.samples.push(sample);
  });
  const sorted = [...byValue].sort(([, a], [, b]) => b.size - a.size);
  const rows = new Map<number, number[]>();
  sorted.forEach(([value, { samples }], i) => {
    const row = names.rowOf(i < MAX_VALUES ? value : OTHER);
    const known = rows.get(row);
    if (!known) rows.set(row, samples);
    else for (const sample of samples) known.push(sample);
  });
  return rows;
}

/** Returns a function that finds the first value of a label of a sample, as reports print it. */
function labelValues(profile: Profile, label: string): (sample: number) => string {
  const { samples, labels, strings } = profile;
  const unit = labelUnits(profile).units.get(label) ?? "";
  const known = new Map<StringIndex, boolean>();
  const isKey = (key: StringIndex) => {
    const isLabel = known.get(key) ?? strings.get(key) === label;
    known.set(key, isLabel);
    return isLabel;
  };
  return (sample) => {
    const end = samples.labelOffsets[sample + 1];
    for (let row = samples.labelOffsets[sample]; row < end; row++) {
      if (!isKey(labels.key[row])) continue;
      return isStringLabel(labels, row)
        ? strings.get(labels.text[row])
        : scaledLabel(int64At(labels.number, row), unit, "auto");
    }
    return UNLABELLED;
  };
}

/** Numbers distinct names. */
class Names {
  readonly all: string[] = [];
  readonly #rows = new Map<string, number>();

  rowOf(name: string): number {
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    this.#rows.set(name, this.all.length);
    return this.all.push(name) - 1;
  }
}
