import { int64At } from "../profile/columns.js";
import { labelsOf } from "../profile/sample-labels.js";
import type { Int64 } from "../units/int64.js";
import { scaledLabel } from "../units/scale.js";
import { buildNodes } from "../view/nodes.js";
import { meanOf } from "../view/sample-value.js";
import type { ReportInput } from "./input.js";
import { type ProfileLegend, profileLegend } from "./legend.js";
import { type NodeRef, nodeRef } from "./node-ref.js";
import type { ValueFormat } from "./value-format.js";

export interface TraceFrame extends NodeRef {
  /** Whether the frame was inlined into its caller. */
  readonly inlined: boolean;
}

/** The printed values that a sample has for a label. */
export interface TraceLabel {
  readonly key: string;
  readonly values: readonly string[];
  /** For numbers: the exact values and their unit, which is empty if it is not known. */
  readonly numbers?: readonly Int64[];
  readonly unit?: string;
}

export interface Trace {
  readonly value: Int64;
  readonly texts: readonly TraceLabel[];
  readonly numbers: readonly TraceLabel[];
  /** Leaf first; at least one. */
  readonly frames: readonly TraceFrame[];
}

/** All samples that have a stack. */
export interface TracesReport {
  readonly legend: ProfileLegend;
  readonly format: ValueFormat;
  readonly total: Int64;
  readonly activeFilters: readonly string[];
  /** Returns the traces one by one, because they may not fit into memory together. */
  traces(): Iterable<Trace>;
}

export function traces(input: ReportInput): TracesReport {
  const { view, value, total } = input;
  return {
    legend: profileLegend(view.profile, value, total),
    format: { from: value.unit, to: input.unit, ratio: input.ratio },
    total,
    activeFilters: input.activeFilters,
    traces: () => generateTraces(input),
  };
}

function* generateTraces({ view, value, nodes, labelUnits }: ReportInput): Generator<Trace> {
  const { samples } = view.profile;
  const framesOf = makeFrameReader(view, nodes);
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    const frames: TraceFrame[] = [];
    for (let i = view.stackStart[sample]; i < view.stackEnd[sample]; i++) {
      for (const frame of framesOf(samples.stackLocations[i])) frames.push(frame);
    }
    if (frames.length === 0) continue;
    const amount = int64At(value.values, sample);
    const divisor = value.divisors ? int64At(value.divisors, sample) : 0;
    const { texts, numbers } = labelsOf(view.profile, sample, view.hiddenLabelKeys);
    yield {
      value: meanOf(amount, divisor),
      texts: Array.from(texts, ([key, values]) => ({ key, values })),
      numbers: Array.from(numbers, ([key, { values }]) => {
        const unit = labelUnits.get(key) ?? "";
        const shown = values.map((number) => scaledLabel(number, unit, "auto"));
        return { key, values: shown, numbers: values, unit };
      }),
      frames,
    };
  }
}

/** Returns a function that returns the frames of a location, innermost first. Caches them. */
function makeFrameReader(
  view: ReportInput["view"],
  options: ReportInput["nodes"],
): (location: number) => readonly TraceFrame[] {
  const nodes = buildNodes(view, { ...options, keepPaths: true });
  const known: (TraceFrame[] | undefined)[] = [];
  return (location) => {
    let frames = known[location];
    if (!frames) {
      frames = [];
      const last = nodes.locationOffsets[location + 1] - 1;
      for (let i = nodes.locationOffsets[location]; i <= last; i++) {
        frames.push({ ...nodeRef(nodes, nodes.locationNodes[i]), inlined: i < last });
      }
      known[location] = frames;
    }
    return frames;
  };
}
