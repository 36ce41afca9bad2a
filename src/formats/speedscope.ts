import type { Budget } from "../profile/budget.js";
import { ProfileError } from "../profile/errors.js";
import type { LocationIndex } from "../profile/indices.js";
import { type NewValueType, ProfileBuilder } from "../profile/profile-builder.js";
import { MAX_SAMPLE_TYPES } from "../profile/wire/samples.js";
import { detectFirefox } from "./firefox/detect.js";
import type { Format } from "./format.js";
import { JsonInput, type JsonObject, outermostKeys } from "./json.js";
import { ScriptFrames } from "./script-frames.js";
import { NO_LABELS, NO_STACK, StackSums } from "./stack-sums.js";

/**
 * speedscope's file format (https://www.speedscope.app/file-format-schema.json). If a file has
 * several profiles, the label `profile` identifies them. Times become nanoseconds; each kind of
 * unit is a sample type. Profiles in units of time have the times of samples.
 */
export const speedscope: Format = {
  name: "speedscope profile",

  detect(bytes) {
    for (const key of outermostKeys(bytes)) {
      if (key === "shared") return detectFirefox(bytes) === undefined;
    }
    return false;
  },

  read(bytes, budget) {
    const json = new JsonInput(this.name, budget);
    const file = json.object(json.parse(bytes), "the file");
    const profiles = json
      .list(file.profiles, "profiles")
      .map((profile) => json.object(profile, "a profile"));
    const exporter = json.text(file.exporter, "exporter");
    const isOwn = exporter.startsWith(OWN_EXPORTER);
    const isInTime = !isOwn || exporter === OWN_EXPORTER_IN_TIME;
    const kinds = profiles.map((profile) => kindOf(json, profile, isOwn));
    const types: NewValueType[] = [];
    const rows = new Map<string, number>();
    const rowOf = kinds.map(({ type }) => {
      const key = typeKey(type);
      const row = rows.get(key) ?? types.push(type) - 1;
      rows.set(key, row);
      return row;
    });
    if (types.length > MAX_SAMPLE_TYPES) {
      throw json.malformed(`more than ${MAX_SAMPLE_TYPES} sample types`);
    }
    const builder = new ProfileBuilder(types, budget);
    const shared = json.object(file.shared, "shared");
    const list = json.list(shared.frames, "shared.frames");
    if (profiles.length === 0) throw new ProfileError("the speedscope file contains no profiles");
    const locations = readFrames(json, builder, budget, list, exporter);
    const sums = new StackSums(builder, types.length, budget);
    const starts = profiles.map(({ startValue }) => json.number(startValue, "startValue", 0));
    // Others begin with any time, such as the system's; tsprof with the recording.
    const originOf = isOwn ? () => 0 : originIn(starts, kinds);
    profiles.forEach((profile, i) => {
      const name = json.text(profile.name, "the name of a profile");
      const ownThread = isOwn ? OWN_NAME.exec(name)?.[3] : undefined;
      let labels = NO_LABELS;
      if (ownThread !== undefined) {
        labels = sums.labels([{ key: "thread", text: ownThread }]);
      } else if (profiles.length > 1 && !isOwn) {
        labels = sums.labels([{ key: "profile", text: name || `profile ${i + 1}` }]);
      }
      const values = types.map(() => 0);
      const add: AddSample = (stack, value, time, duration) => {
        if (!kinds[i].rounds || !isInTime) return sums.addOne(stack, rowOf[i], value, labels);
        // The time between the samples of tsprof's own files.
        if (isOwn && stack === NO_STACK) return;
        values[rowOf[i]] = value;
        sums.observe(time, stack, values, labels, duration);
      };
      const read = new ProfileReader(json, locations, sums, kinds[i], originOf(kinds[i]), add);
      if (profile.type === "sampled") read.sampled(profile, starts[i]);
      else if (profile.type === "evented") read.evented(profile, starts[i]);
      else throw json.malformed("a profile is not of type evented or sampled");
    });
    sums.finish();
    return builder.finish({ defaultSampleType: types[0]?.type });
  },
};

/**
 * tsprof itself writes the sample type as the name; other exporters write any text. Samples without
 * times, one stack after the other, have the first exporter.
 */
export const OWN_EXPORTER = "tsprof";
export const OWN_EXPORTER_IN_TIME = "tsprof, in order of time";

/** The names of profiles in tsprof's own files: a sample type, its unit, and a thread. */
const OWN_NAME = /^(.*?)(?: in ([^:]*)(?:: (.*))?)?$/s;

/**
 * Matches exporters that write the line which was running when the sample was taken. A function has
 * a frame for each such line. The format itself does not define what `line` means.
 */
const RUNNING_LINES = /^(?:py-spy|rbspy|austin)/i;

/** Matches exporters that write the first line of the function. */
const FIRST_LINES = /^(?:pyinstrument|stackprof|tsprof)/;

/**
 * Matches files of languages whose profilers write running lines, as far as they are known. V8's
 * profiles, and so those of JavaScript, contain the first lines of functions.
 */
const SAMPLED_FILE = /\.(?:py|rb|php)$/i;

function hasRunningLine(exporter: string, { file, col }: JsonObject): boolean {
  if (RUNNING_LINES.test(exporter)) return true;
  if (FIRST_LINES.test(exporter) || col !== undefined) return false;
  return typeof file === "string" && SAMPLED_FILE.test(file);
}

interface Kind {
  readonly type: NewValueType;
  readonly factor: number;
  /** Whether fractions are rounded; in counts and bytes they are an error. */
  readonly rounds?: true;
}

const NANOSECONDS: NewValueType = { type: "time", unit: "nanoseconds" };

const KINDS: Readonly<Record<string, Kind>> = {
  nanoseconds: { type: NANOSECONDS, factor: 1, rounds: true },
  microseconds: { type: NANOSECONDS, factor: 1e3, rounds: true },
  milliseconds: { type: NANOSECONDS, factor: 1e6, rounds: true },
  seconds: { type: NANOSECONDS, factor: 1e9, rounds: true },
  bytes: { type: { type: "space", unit: "bytes" }, factor: 1 },
  none: { type: { type: "weight", unit: "count" }, factor: 1 },
};

function kindOf(json: JsonInput, { unit, name }: JsonObject, isOwn: boolean): Kind {
  const kind = typeof unit === "string" && Object.hasOwn(KINDS, unit) ? KINDS[unit] : undefined;
  if (!kind) throw json.malformed("unknown unit");
  if (!isOwn) return kind;
  const [, type, ownUnit] = OWN_NAME.exec(json.text(name, "a name")) ?? [];
  return { ...kind, type: { type: type ?? "", unit: ownUnit ?? kind.type.unit } };
}

function typeKey({ type, unit }: NewValueType): string {
  return JSON.stringify([type, unit]);
}

function readFrames(
  json: JsonInput,
  builder: ProfileBuilder,
  budget: Budget,
  list: readonly unknown[],
  exporter: string,
): LocationIndex[] {
  const frames = new ScriptFrames(builder, budget);
  return list.map((entry) => {
    const object = json.object(entry, "a frame");
    const { name, file, line: given, col } = object;
    const line = Math.max(0, json.whole(given ?? 0, "the line of a frame"));
    const frame = frames.frame({
      name: json.text(name, "the name of a frame"),
      file: json.text(file, "the file of a frame"),
      startLine: hasRunningLine(exporter, object) ? 0 : line,
      startColumn: Math.max(0, json.whole(col ?? 0, "the column of a frame")),
    });
    return frames.location(frame, line === frame.startLine ? 0 : line);
  });
}

/**
 * Returns a function that returns the earliest start of the profiles with times, in the unit of a
 * kind. Other kinds start at 0. Times of today's clocks have too many digits in nanoseconds, so the
 * unit changes only if profiles have different ones.
 */
function originIn(starts: readonly number[], kinds: readonly Kind[]): (kind: Kind) => number {
  let first: { readonly start: number; readonly factor: number } | undefined;
  starts.forEach((start, i) => {
    const { factor, rounds } = kinds[i];
    if (rounds && !(first && first.start * first.factor <= start * factor)) {
      first = { start, factor };
    }
  });
  return ({ factor, rounds }) => {
    if (!rounds || !first) return 0;
    return factor === first.factor ? first.start : (first.start * first.factor) / factor;
  };
}

/** Adds a sample at `time`, in nanoseconds; `duration` is 0 if it is not an interval. */
type AddSample = (stack: number, value: number, time: number, duration: number) => void;

/** Returns a value in whole units: times are rounded, other fractions are an error. */
function wholeValue(
  json: JsonInput,
  value: unknown,
  what: string,
  { factor, rounds }: Kind,
): number {
  const number = json.number(value, what) * factor;
  const whole = Math.round(number) + 0;
  if ((rounds || whole === number) && Number.isSafeInteger(whole)) return whole;
  throw json.malformed(`${what} is not a whole number below 2^53`);
}

class ProfileReader {
  constructor(
    readonly json: JsonInput,
    readonly locations: readonly LocationIndex[],
    readonly sums: StackSums,
    readonly kind: Kind,
    /** The beginning of the recording, in the unit of the file. */
    readonly origin: number,
    readonly add: AddSample,
  ) {}

  /** Reads stacks, root first, each with its weight. `start` is in the unit of the file. */
  sampled({ samples, weights }: JsonObject, start: number): void {
    const { json, sums } = this;
    const stacks = json.list(samples, "samples");
    const list = json.list(weights, "weights");
    if (list.length !== stacks.length) {
      throw json.malformed(`${list.length} weights for ${stacks.length} samples`);
    }
    this.#value(start - this.origin, "startValue");
    // Weights are kept as they are until they are added up, so that rounding does not move samples.
    let time = (start - this.origin) * this.kind.factor;
    stacks.forEach((entry, i) => {
      let stack = NO_STACK;
      for (const frame of json.list(entry, "a sample")) {
        stack = sums.child(stack, this.#location(frame));
      }
      this.add(stack, this.#value(list[i], "a weight"), time, 0);
      time += json.number(list[i], "a weight") * this.kind.factor;
    });
  }

  /** Reads events that open and close frames at points in time, or of another counter. */
  evented({ events }: JsonObject, start: number): void {
    const { json, sums } = this;
    const open: { readonly frame: unknown; readonly stack: number }[] = [];
    let stack = NO_STACK;
    let last = this.#value(start - this.origin, "startValue");
    for (const entry of json.list(events, "events")) {
      const { type, at, frame } = json.object(entry, "an event");
      const what = "the time of an event";
      const now = this.#value(json.number(at, what) - this.origin, what);
      if (now < last && open.length > 0) throw json.malformed("events are not in order");
      if (open.length > 0) this.add(stack, now - last, last, now - last);
      last = now;
      if (type === "O") {
        open.push({ frame, stack });
        stack = sums.child(stack, this.#location(frame));
      } else if (type === "C") {
        const opened = open.pop();
        if (opened?.frame !== frame) throw json.malformed("a frame is closed before its callees");
        stack = opened?.stack ?? NO_STACK;
      } else {
        throw json.malformed("an event is not of type O or C");
      }
    }
    if (open.length > 0) throw json.malformed("frames are still open at the end");
  }

  #location(frame: unknown): LocationIndex {
    const location = typeof frame === "number" ? this.locations[frame] : undefined;
    if (location === undefined) {
      const isNumber = typeof frame === "number";
      throw this.json.malformed(isNumber ? `no frame ${frame}` : "a frame index is not a number");
    }
    return location;
  }

  #value(value: unknown, what: string): number {
    return wholeValue(this.json, value, what, this.kind);
  }
}
