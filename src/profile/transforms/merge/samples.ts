import { Int64Builder, indexColumn } from "../../columns.js";
import type { LocationIndex, StringIndex } from "../../indices.js";
import type { LabelTable, SampleTable } from "../../profile.js";
import type { RunInterner } from "../../run-interner.js";
import { LABEL_WORDS, LabelWord } from "./labels.js";

/** The tables that runs of depth, stack and labels stand for; `values` has a row for each. */
export function samplesAndLabels(
  runs: RunInterner,
  values: readonly Int64Builder[],
): { samples: SampleTable; labels: LabelTable } {
  const stackOffsets = new Uint32Array(runs.length + 1);
  const labelOffsets = new Uint32Array(runs.length + 1);
  for (let row = 0; row < runs.length; row++) {
    const run = runs.run(row);
    stackOffsets[row + 1] = stackOffsets[row] + run[0];
    labelOffsets[row + 1] = labelOffsets[row] + (run.length - 1 - run[0]) / LABEL_WORDS;
  }
  const stack = new Uint32Array(stackOffsets[runs.length]);
  const labelCount = labelOffsets[runs.length];
  const key = new Uint32Array(labelCount);
  const text = new Uint32Array(labelCount);
  const number = new Int64Builder();
  const unit = new Uint32Array(labelCount);
  let label = 0;
  for (let row = 0; row < runs.length; row++) {
    const run = runs.run(row);
    const depth = run[0];
    stack.set(run.subarray(1, 1 + depth), stackOffsets[row]);
    for (let at = 1 + depth; at < run.length; at += LABEL_WORDS) {
      key[label] = run[at + LabelWord.key];
      text[label] = run[at + LabelWord.text];
      number.pushHalves(run[at + LabelWord.number], run[at + LabelWord.number + 1]);
      unit[label++] = run[at + LabelWord.unit];
    }
  }
  return {
    samples: {
      length: runs.length,
      stackOffsets,
      stackLocations: indexColumn<LocationIndex>(stack),
      values: values.map((column) => column.finish()),
      labelOffsets,
    },
    labels: {
      length: labelCount,
      key: indexColumn<StringIndex>(key),
      text: indexColumn<StringIndex>(text),
      number: number.finish(),
      unit: indexColumn<StringIndex>(unit),
    },
  };
}
