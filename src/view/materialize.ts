import { Int64Builder, indexColumn, int64At, Uint32Builder } from "../profile/columns.js";
import type { LocationIndex, StringIndex } from "../profile/indices.js";
import { NO_SAMPLE, renumberObservations } from "../profile/observations.js";
import type { LineTable, Profile } from "../profile/profile.js";
import type { View } from "./view.js";

/** Returns a profile with only what `view` shows. Shares the tables that a view cannot change. */
export function materialize(view: View): Profile {
  const { profile } = view;
  return {
    ...profile,
    ...(hasAllSamples(view) ? {} : materializeSamples(view)),
    lines: materializeLines(view),
    locations: { ...profile.locations, lineOffsets: view.frames.offsets },
  };
}

/** Whether the view shows all samples with whole stacks and all labels, so tables can be shared. */
function hasAllSamples({ profile, samples, stackStart, stackEnd, frames, hiddenLabelKeys }: View) {
  const { stackOffsets } = profile.samples;
  if (hiddenLabelKeys || frames.hidden.includes(1)) return false;
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) return false;
    if (stackStart[sample] !== stackOffsets[sample]) return false;
    if (stackEnd[sample] !== stackOffsets[sample + 1]) return false;
  }
  return true;
}

function materializeLines({ profile, frames }: View): LineTable {
  const count = frames.offsets[frames.offsets.length - 1];
  const fn = new Uint32Array(count);
  const line = new Int64Builder();
  const column = new Int64Builder();
  for (let row = 0; row < count; row++) {
    const from = frames.lines[row];
    fn[row] = profile.lines.function[from];
    line.push(int64At(profile.lines.line, from));
    column.push(int64At(profile.lines.column, from));
  }
  return {
    length: count,
    function: indexColumn(fn),
    line: line.finish(),
    column: column.finish(),
  };
}

function materializeSamples(view: View): Pick<Profile, "samples" | "labels" | "observations"> {
  const { samples, labels, observations } = view.profile;
  const rows = new Int32Array(samples.length).fill(NO_SAMPLE);
  const stackOffsets = new Uint32Builder();
  const stack = new Uint32Builder();
  const values = samples.values.map(() => new Int64Builder());
  const labelOffsets = new Uint32Builder();
  const key = new Uint32Builder();
  const text = new Uint32Builder();
  const number = new Int64Builder();
  const unit = new Uint32Builder();
  stackOffsets.push(0);
  labelOffsets.push(0);
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    rows[sample] = stackOffsets.length - 1;
    for (let i = view.stackStart[sample]; i < view.stackEnd[sample]; i++) {
      const location = samples.stackLocations[i];
      if (!view.frames.hidden[location]) stack.push(location);
    }
    stackOffsets.push(stack.length);
    values.forEach((column, type) => {
      column.push(int64At(samples.values[type], sample));
    });
    for (let i = samples.labelOffsets[sample]; i < samples.labelOffsets[sample + 1]; i++) {
      if (view.hiddenLabelKeys?.[labels.key[i]]) continue;
      key.push(labels.key[i]);
      text.push(labels.text[i]);
      number.push(int64At(labels.number, i));
      unit.push(labels.unit[i]);
    }
    labelOffsets.push(key.length);
  }
  return {
    samples: {
      length: stackOffsets.length - 1,
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
    observations: observations && renumberObservations(observations, (sample) => rows[sample]),
  };
}
