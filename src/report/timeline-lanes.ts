import { int64At } from "../profile/columns.js";
import type { SampleIndex, StringIndex } from "../profile/indices.js";
import { isStringLabel } from "../profile/labels.js";
import { memoized, RecentlyUsed } from "../profile/memo.js";
import type { ObservationTable, Profile } from "../profile/profile.js";
import { areConvertible, scale } from "../units/scale.js";
import { CATEGORIES } from "../view/packages.js";
import { baseSamples, selectSampleValue } from "../view/sample-value.js";
import { wholeProfile } from "../view/view.js";
import { sampleCategories } from "./categories.js";

/** The observations of one thread. No two of them overlap. Times are in nanoseconds. */
export interface ObservedLane {
  readonly name: string;
  /** The process and the numbers of the thread; may be empty. */
  readonly detail: string;
  /** By observation, sorted by time: its sample, its start and its end. */
  readonly samples: Uint32Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

export interface ObservedLanes {
  readonly lanes: readonly ObservedLane[];
  /** The beginning and the end of the recording. */
  readonly start: number;
  readonly end: number;
}

/** Threads beyond this number share the last lane. */
const MAX_LANES = 500;

/** An observation without a duration lasts at most this multiple of the median gap. */
const MAX_GAPS = 2;

/** An observation lasts until the next one if its value is at least this part of that time. */
const MIN_VALUE_PART = 2 / 3;

/** How long an observation lasts if nothing at all is known about it. */
const DEFAULT_LENGTH_NS = 1e6;

/**
 * Divides the observations of a profile into lanes, one for each thread, and determines how long
 * each observation lasts. That is the first of these that is known:
 *
 * 1. its duration;
 * 2. its value in a unit of time: of sample type `selected`, the default one, or the first one; or
 *    the time until the next observation of the lane, if that is only a little longer, because
 *    timers are late ({@link MIN_VALUE_PART});
 * 3. the time until the next observation, at most {@link MAX_GAPS} times the median of
 *    these gaps over all lanes: profilers that sample only running threads leave longer gaps.
 *
 * An observation ends at the latest when the next one of its lane begins. Filters do not change the
 * result. The recording begins at its first observation if nothing was observed in its first half.
 * The lanes of a process are next to each other, the main thread first, then the busiest.
 */
export function observedLanes(
  profile: Profile,
  observations: ObservationTable,
  selected: number,
): ObservedLanes {
  return knownLanes(profile).get(String(timeType(profile, selected)), () => {
    return divide(profile, observations, naturalEnds(profile, observations, selected));
  });
}

const MAX_KNOWN_LANES = 2;
const knownLanes = memoized((_: Profile) => new RecentlyUsed<ObservedLanes>(MAX_KNOWN_LANES));

/** Returns the sample type whose values are durations; undefined without one. */
function timeType(profile: Profile, selected: number): number | undefined {
  const { sampleTypes, strings } = profile;
  const isTime = sampleTypes.map(({ unit }) => areConvertible(strings.get(unit), "ns"));
  const first = isTime.indexOf(true);
  if (first < 0) return undefined;
  const wanted = [selected, selectSampleValue(profile, "", false).index];
  return wanted.find((type) => isTime[type]) ?? first;
}

/** Returns the end of each observation by its own data; NaN if only its neighbours determine it. */
function naturalEnds(
  profile: Profile,
  { length, time, duration, values }: ObservationTable,
  selected: number,
): Float64Array {
  const type = timeType(profile, selected);
  const unit = type === undefined ? "" : profile.strings.get(profile.sampleTypes[type].unit);
  const factor = scale(1, unit, "ns").value;
  return Float64Array.from({ length }, (_, row) => {
    const own = duration?.[row] ?? 0;
    if (own > 0) return time[row] + own;
    if (type === undefined) return Number.NaN;
    return time[row] + Math.abs(Number(int64At(values[type], row))) * factor;
  });
}

function divide(
  profile: Profile,
  { length, sample, time, duration }: ObservationTable,
  naturalEnd: Float64Array,
): ObservedLanes {
  const { laneOf, lanes: names } = laneNames(profile);
  const sizes = new Uint32Array(names.length);
  for (let row = 0; row < length; row++) sizes[laneOf[sample[row]]]++;
  const lanes = names.map((name, lane) => ({
    ...name,
    samples: new Uint32Array(sizes[lane]),
    starts: new Float64Array(sizes[lane]),
    ends: new Float64Array(sizes[lane]),
    /** 1 for observations at a point in time. */
    points: new Uint8Array(sizes[lane]),
  }));
  sizes.fill(0);
  for (let row = 0; row < length; row++) {
    const lane = laneOf[sample[row]];
    const at = sizes[lane]++;
    lanes[lane].samples[at] = sample[row];
    lanes[lane].starts[at] = time[row];
    lanes[lane].ends[at] = naturalEnd[row];
    lanes[lane].points[at] = duration && duration[row] > 0 ? 0 : 1;
  }
  const maxGap = naturalEnd.some(Number.isNaN) ? MAX_GAPS * medianGap(lanes) : 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { starts, ends, points } of lanes) {
    for (let at = 0; at < starts.length; at++) {
      const next = at + 1 < starts.length ? starts[at + 1] : Number.POSITIVE_INFINITY;
      const own = Number.isNaN(ends[at]) ? starts[at] + maxGap : ends[at];
      const isLong = own - starts[at] >= (next - starts[at]) * MIN_VALUE_PART;
      ends[at] = points[at] && isLong && own > starts[at] ? next : Math.min(own, next);
      end = Math.max(end, ends[at]);
    }
  }
  const start = time[0] > end - time[0] ? time[0] : Math.min(0, time[0]);
  return {
    lanes: sortLanes(
      profile,
      lanes.filter(({ starts }) => starts.length > 0),
    ),
    start,
    end: Math.max(end, start + 1),
  };
}

/** Returns the median of the times between neighbouring observations of a lane. */
function medianGap(lanes: readonly { readonly starts: Float64Array }[]): number {
  const count = lanes.reduce((sum, { starts }) => sum + Math.max(0, starts.length - 1), 0);
  if (count === 0) return DEFAULT_LENGTH_NS;
  const gaps = new Float64Array(count);
  let next = 0;
  for (const { starts } of lanes) {
    for (let at = 1; at < starts.length; at++) gaps[next++] = starts[at] - starts[at - 1];
  }
  return gaps.sort()[count >> 1] || DEFAULT_LENGTH_NS;
}

/** The labels that identify a thread, as the readers of formats write them. */
const THREAD_KEYS = ["process", "comm", "pid", "thread", "tid"] as const;
type ThreadKey = (typeof THREAD_KEYS)[number];

interface LaneName {
  readonly name: string;
  readonly detail: string;
  /** Identifies the process. */
  readonly process: string;
  readonly isMain: boolean;
}

/** Returns the lanes in the order of their first samples, and the lane of each sample. */
function laneNames(profile: Profile): { laneOf: Uint32Array; lanes: LaneName[] } {
  const { samples, labels, strings } = profile;
  const keys = new Map<StringIndex, number>();
  for (let row = 0; row < labels.length; row++) {
    const key = labels.key[row];
    if (keys.has(key)) continue;
    keys.set(key, THREAD_KEYS.indexOf(strings.get(key) as ThreadKey));
  }
  const isBase = baseSamples(wholeProfile(profile));
  const laneOf = new Uint32Array(samples.length);
  const numbers = new Map<string, number>();
  const lanes: LaneName[] = [];
  const parts = THREAD_KEYS.map(() => "");
  for (let sample = 0 as SampleIndex; sample < samples.length; sample++) {
    parts.fill("");
    const end = samples.labelOffsets[sample + 1];
    for (let row = samples.labelOffsets[sample]; row < end; row++) {
      const at = keys.get(labels.key[row]) ?? -1;
      if (at < 0) continue;
      parts[at] = isStringLabel(labels, row)
        ? strings.get(labels.text[row])
        : String(int64At(labels.number, row));
    }
    const base = isBase?.(sample) ?? false;
    const key = JSON.stringify([...parts, base]);
    let lane = numbers.get(key);
    if (lane === undefined) {
      lane = Math.min(lanes.length, MAX_LANES - 1);
      numbers.set(key, lane);
      if (lanes.length < MAX_LANES) lanes.push(laneName(parts, base));
      else lanes[lane] = { name: "other threads", detail: "", process: "", isMain: false };
    }
    laneOf[sample] = lane;
  }
  return { laneOf, lanes };
}

function laneName([process, comm, pid, thread, tid]: readonly string[], base: boolean): LaneName {
  const program = process || comm;
  const name = thread || (tid && `thread ${tid}`) || program || (pid && `process ${pid}`);
  const detail = [
    program !== name && program,
    pid && name !== `process ${pid}` && `pid ${pid}`,
    tid && !name.endsWith(` ${tid}`) && `tid ${tid}`,
    base && "base",
  ];
  return {
    name: name || "all samples",
    detail: detail.filter(Boolean).join(", "),
    process: JSON.stringify([pid || process, base]),
    isMain: /^main\b|Main$/.test(thread) || (pid !== "" && pid === tid),
  };
}

function sortLanes<L extends ObservedLane & LaneName>(profile: Profile, lanes: L[]): L[] {
  const categories = sampleCategories(wholeProfile(profile));
  const idle = CATEGORIES.indexOf("idle");
  const busy = new Map<L, number>();
  const busiest = new Map<string, number>();
  for (const lane of lanes) {
    let sum = 0;
    for (let at = 0; at < lane.samples.length; at++) {
      if (categories[lane.samples[at]] !== idle) sum += lane.ends[at] - lane.starts[at];
    }
    busy.set(lane, sum);
    busiest.set(lane.process, Math.max(sum, busiest.get(lane.process) ?? 0));
  }
  const order = [...busiest].sort(([, a], [, b]) => b - a).map(([process]) => process);
  const rank = new Map(order.map((process, at) => [process, at]));
  const rankOf = ({ process }: L) => rank.get(process) ?? 0;
  return lanes.sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      Number(b.isMain) - Number(a.isMain) ||
      (busy.get(b) ?? 0) - (busy.get(a) ?? 0),
  );
}
