import { Int64Builder, indexColumn, Uint32Builder } from "../../columns.js";
import type { LocationIndex, StringIndex } from "../../indices.js";
import type { LabelTable, SampleTable } from "../../profile.js";
import type { RunInterner } from "../../run-interner.js";
import { LABEL_WORDS, LabelWord } from "./labels.js";

/** The tables that runs of depth, stack and labels stand for; `values` has a row for each. */
export function samplesAndLabels(
  runs: RunInterner,
  values: readonly Int64Builder[],
): { samples: SampleTable; labels: LabelTable } {
  const stackOffsets = new Uint32Builder();
  const stack = new Uint32Builder();
  const labelOffsets = new Uint32Builder();
  const key = new Uint32Builder();
  const text = new Uint32Builder();
  const number = new Int64Builder();
  const unit = new Uint32Builder();
  stackOffsets.push(0);
  labelOffsets.push(0);
  for (let row = 0; row < runs.length; row++) {
    const run = runs.run(row);
    const depth = run[0];
    for (let i = 1; i <= depth; i++) stack.push(run[i]);
    stackOffsets.push(stack.length);
    for (let at = 1 + depth; at < run.length; at += LABEL_WORDS) {
      key.push(run[at + LabelWord.key]);
      text.push(run[at + LabelWord.text]);
      number.pushHalves(run[at + LabelWord.number], run[at + LabelWord.number + 1]);
      unit.push(run[at + LabelWord.unit]);
    }
    labelOffsets.push(key.length);
  }
  return {
    samples: {
      length: runs.length,
      stackOffsets: stackOffsets.finish(),
      stackLocations: indexColumn<LocationIndex>(stack.finish()),
      values: values.map((column) => column.finish()),
      labelOffsets: labelOffsets.finish(),
    },
    labels: {
      length: key.length,
      key: indexColumn<StringIndex>(key.finish()),
      text: indexColumn<StringIndex>(text.finish()),
      number: number.finish(),
      unit: indexColumn<StringIndex>(unit.finish()),
    },
  };
}
