import { Int64Builder, indexColumn } from "../../profile/columns.js";
import type { LocationIndex, StringIndex } from "../../profile/indices.js";
import type { LabelTable, SampleTable } from "../../profile/profile.js";
import type { RunInterner } from "../../profile/run-interner.js";
import { LABEL_WORDS, LabelWord } from "./labels.js";

/** Returns the tables for runs of depth, stack and labels; `values` has a row for each run. */
export function samplesAndLabels(
  runs: RunInterner,
  values: readonly Int64Builder[],
): { samples: SampleTable; labels: LabelTable } {
  const { words } = runs;
  const stackOffsets = new Uint32Array(runs.length + 1);
  const labelOffsets = new Uint32Array(runs.length + 1);
  for (let row = 0; row < runs.length; row++) {
    const start = runs.start(row);
    const depth = words[start];
    const labelWords = runs.start(row + 1) - start - 1 - depth;
    stackOffsets[row + 1] = stackOffsets[row] + depth;
    labelOffsets[row + 1] = labelOffsets[row] + labelWords / LABEL_WORDS;
  }
  const stack = new Uint32Array(stackOffsets[runs.length]);
  const labelCount = labelOffsets[runs.length];
  const key = new Uint32Array(labelCount);
  const text = new Uint32Array(labelCount);
  const number = new Int64Builder();
  const unit = new Uint32Array(labelCount);
  let frame = 0;
  let label = 0;
  for (let row = 0; row < runs.length; row++) {
    let at = runs.start(row) + 1;
    const labelsAt = at + words[at - 1];
    const end = runs.start(row + 1);
    while (at < labelsAt) stack[frame++] = words[at++];
    for (; at < end; at += LABEL_WORDS) {
      key[label] = words[at + LabelWord.key];
      text[label] = words[at + LabelWord.text];
      number.pushHalves(words[at + LabelWord.number], words[at + LabelWord.number + 1]);
      unit[label++] = words[at + LabelWord.unit];
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
