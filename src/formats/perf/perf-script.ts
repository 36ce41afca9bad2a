import type { Budget } from "../../profile/budget.js";
import type { LocationIndex } from "../../profile/indices.js";
import { type NewLabel, type NewValueType, ProfileBuilder } from "../../profile/profile-builder.js";
import type { Int64 } from "../../units/int64.js";
import type { Format } from "../format.js";
import { headLines, LineReader } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { parseInt64 } from "../numbers.js";
import { NO_STACK, StackSums } from "../stack-sums.js";
import { PerfFrames } from "./frames.js";

/**
 * The output of `perf script`: for each sample a line with thread, time, period and event, then a
 * line per frame, leaf first, and a blank line. Each event is a sample type; the labels `comm`,
 * `pid` and `tid` identify threads. All fields before the frames are optional (`-F`), and so is the
 * whole line. Task events (`--show-task-events`) are skipped; messages, such as warnings of perf, are
 * skipped and counted.
 */
export const perfScript: Format = {
  name: "perf script output",

  detect(bytes) {
    if (hasOnlyFrames(bytes)) return true;
    const lines = headLines(bytes);
    let head: Head | undefined;
    let messages = 0;
    while (messages <= MAX_MESSAGES && lines.next()) {
      if (head && CLEAR_FRAME.test(lines.line)) return true;
      head = undefined;
      if (!hasContent(lines.line)) continue;
      head = readHead(lines.line);
      if (head?.ownFrame || (head?.isClear && messages === 0)) return true;
      messages++;
    }
    return false;
  },

  read(bytes, budget, warn) {
    const isBare = hasOnlyFrames(bytes);
    const events = isBare ? NO_EVENTS : findEvents(bytes);
    const types = [SAMPLES, ...events.types];
    const builder = new ProfileBuilder(types, budget);
    const sums = new StackSums(builder, types.length, budget);
    const lines = new LineReader(bytes, 0, budget);
    const samples = new Samples(new PerfFrames(builder, budget), sums, events, budget);
    const skipped = isBare ? samples.readFrames(lines) : samples.read(lines);
    if (skipped > 0) {
      warn(`skipped ${skipped} ${skipped === 1 ? "line" : "lines"} without a sample or a frame`);
    }
    sums.finish();
    return builder.finish({ defaultSampleType: events.main, durationNanos: samples.duration });
  },
};

/** Reads the samples of a file. */
class Samples {
  readonly #frames: PerfFrames;
  readonly #sums: StackSums;
  readonly #events: Events;
  readonly #budget: Budget;
  /** The time of the last sample, in nanoseconds since the first one. */
  duration = 0;

  constructor(frames: PerfFrames, sums: StackSums, events: Events, budget: Budget) {
    this.#frames = frames;
    this.#sums = sums;
    this.#events = events;
    this.#budget = budget;
  }

  /** Reads samples that begin with a head, and returns the number of skipped lines. */
  read(lines: LineReader): number {
    let skipped = 0;
    let isMore = lines.next();
    while (isMore) {
      const head = hasContent(lines.line) ? readHead(lines.line) : undefined;
      if (!head) {
        if (hasContent(lines.line)) skipped++;
        isMore = lines.next();
        continue;
      }
      const stack: LocationIndex[] = [];
      // A sample without a call chain has its only frame after the event.
      const { ownFrame } = head;
      if (ownFrame) stack.push(this.#frames.location(ownFrame[1], ownFrame[2], lines));
      isMore = lines.next();
      if (!head.isClear && !ownFrame && !CLEAR_FRAME.test(lines.line)) {
        skipped++;
        continue;
      }
      for (; isMore && isWithinSample(lines.line); isMore = lines.next()) {
        const frame = FRAME.exec(lines.line);
        // Source lines (-F +srcline) follow frames.
        if (!frame) continue;
        this.#budget.charge(FRAME_BYTES);
        stack.push(this.#frames.location(frame[1], frame[2], lines));
      }
      this.#add(stack, head);
    }
    return skipped;
  }

  /** Reads samples that have only frames, and returns the number of skipped lines. */
  readFrames(lines: LineReader): number {
    let skipped = 0;
    let stack: LocationIndex[] = [];
    const finish = () => {
      if (stack.length > 0) this.#add(stack, undefined);
      stack = [];
    };
    while (lines.next()) {
      const { line } = lines;
      const frame = LONE_FRAME.exec(line)?.groups;
      if (frame) {
        // Frames of a call chain are indented by a tab, the frame of a sample without one by a blank.
        if (line.startsWith(" ")) finish();
        this.#budget.charge(FRAME_BYTES);
        stack.push(this.#frames.location(frame.address, frame.symbol ?? "", lines));
      } else if (line.trim() === "") {
        finish();
      } else if (stack.length === 0 && hasContent(line)) {
        // Other lines after a frame are its source lines (-F +srcline).
        skipped++;
      }
    }
    finish();
    return skipped;
  }

  #add(stack: readonly LocationIndex[], head: Head | undefined): void {
    let node = NO_STACK;
    for (let i = stack.length - 1; i >= 0; i--) node = this.#sums.child(node, stack[i]);
    const labels = this.#sums.labels(head?.labels ?? []);
    const values: Int64[] = [1, ...this.#events.types.map(() => 0)];
    if (head?.event !== undefined) values[this.#events.row(head.event) + 1] = head.period ?? 1;
    if (head?.time === undefined) {
      this.#sums.add(node, values, labels);
      return;
    }
    const time = nanosBetween(this.#events.start ?? head.time, head.time);
    this.duration = Math.max(this.duration, time);
    this.#sums.observe(time, node, values, labels);
  }
}

/** The maximum number of lines before the first sample, other than comments and task events. */
const MAX_MESSAGES = 50;

/** The memory per frame while a stack is read, in bytes. */
const FRAME_BYTES = 12;

const SAMPLES: NewValueType = { type: "samples", unit: "count" };

/** The maximum length of a sample's first line. Command names may contain blanks, but are short. */
const MAX_HEAD_LENGTH = 512;

/** `comm pid[/tid]`. The command may contain blanks. */
const THREAD = /(?:(?<comm>\S(?:.*?\S)??)\s+)??(?<first>-?\d+)(?:\/(?<second>-?\d+))?\s+/.source;
const CPU = /(?:\[\d+\]\s+)?/.source;

/**
 * `comm pid[/tid] [cpu] flags time: period event: rest`, with a time. The command ends with a
 * non-blank, so that a long run of blanks is tried once and not from each blank.
 */
const TIMED_HEAD = new RegExp(
  `^\\s*(?:${THREAD}${CPU}(?:(?!\\d)\\S+\\s+)?|(?:(?<only>\\S(?:.*?\\S)??)\\s+)??${CPU})(?<seconds>\\d{1,12})\\.(?<fraction>\\d+):` +
    "(?:\\s+(?:(?<period>\\d+)\\s+)?(?<event>\\S+):(?:\\s+(?<rest>.*))?|\\s*)$",
);

/** `comm pid[/tid] [cpu] period event: rest`, without a time. */
const UNTIMED_HEAD = new RegExp(
  `^\\s*(?:${THREAD})?${CPU}(?:(?<period>\\d+)\\s+)?(?<event>[A-Za-z][-\\w.:/=,@]*):(?:\\s+(?<rest>.*))?$`,
);

/** A line for a thread or mapping, such as `app 77 5.1: PERF_RECORD_COMM: app:77/77`. */
const TASK_EVENT = /^[^\t].*?\bPERF_RECORD_[A-Z]/;

/** Tests for a line that is neither blank nor a comment nor a task event. */
function hasContent(line: string): boolean {
  if (line.trim() === "" || line.startsWith("#")) return false;
  return !TASK_EVENT.test(line.slice(0, MAX_HEAD_LENGTH));
}

/** An address and its symbol. */
const FRAME = /^\s*([0-9a-f]+)\s+(\S.*)$/;

/** A frame that is hardly ever found in text of other kinds. */
const CLEAR_FRAME = /^\s+[0-9a-f]{4,16}\s+\S/;
const CLEAR_OWN_FRAME = /^[0-9a-f]{6,16}\s+\S/;

/** A frame with or without a symbol. */
const LONE_FRAME = /^[\t ] *(?<address>[\da-f]{1,16})(?: (?<symbol>\S.*))?\s*$/;

/** The number of lines that decide whether samples have only frames. */
const LINES_TO_TEST = 8;

/**
 * Tests whether a file has samples without heads: frames, and blank lines between samples. Up to half
 * of the lines may be source lines (-F +srcline).
 */
function hasOnlyFrames(bytes: Uint8Array): boolean {
  const lines = headLines(bytes);
  let count = 0;
  let frames = 0;
  while (count < LINES_TO_TEST && lines.next()) {
    if (!hasContent(lines.line)) continue;
    if (isAlignedFrame(lines.line)) frames++;
    else if (frames === 0) return false;
    count++;
  }
  return frames > 0 && frames * 2 >= count;
}

/** Tests for an address that ends in the 17th column, where perf aligns addresses. */
function isAlignedFrame(line: string): boolean {
  return /^[\t ] *[\da-f]+(?= |$)/.exec(line)?.[0].length === 17;
}

/** Tests for a line of the current sample: frames are indented, but so are short command names. */
function isWithinSample(line: string): boolean {
  if (line.startsWith("\t")) return line.trim() !== "";
  return /^ +\S/.test(line) && hasContent(line) && readHead(line) === undefined;
}

interface Time {
  readonly seconds: number;
  readonly nanos: number;
}

/** Returns the nanoseconds from `start` to `end`, exact also after months of uptime. */
function nanosBetween(start: Time, end: Time): number {
  return (end.seconds - start.seconds) * 1e9 + (end.nanos - start.nanos);
}

interface Head {
  readonly time: Time | undefined;
  readonly labels: readonly NewLabel[];
  /** Undefined if the event is not printed. */
  readonly event: string | undefined;
  readonly period: Int64 | undefined;
  /** The address and symbol of a sample without a call chain. */
  readonly ownFrame: RegExpExecArray | undefined;
  /** Whether the line is a sample even if no frame follows. */
  readonly isClear: boolean;
}

function readHead(line: string): Head | undefined {
  // Frames are indented by a tab, command names at most by blanks.
  if (line.startsWith("\t")) return undefined;
  const text = line.slice(0, MAX_HEAD_LENGTH);
  const timed = TIMED_HEAD.exec(text)?.groups;
  const groups = timed ?? UNTIMED_HEAD.exec(text)?.groups;
  if (!groups) return undefined;
  const { first, second, event, rest = "" } = groups;
  let { period } = groups;
  const comm = groups.comm ?? groups.only;
  const isThread = comm !== undefined && first !== undefined;
  const isClear = timed !== undefined && event !== undefined && isThread;
  const mayBeFrame = first !== undefined && CLEAR_OWN_FRAME.test(rest);
  const own = isClear || mayBeFrame ? FRAME.exec(rest) : null;
  // Only a frame or the fields of a tracepoint follow an event.
  const mayHaveFields = timed || event.includes(":");
  if (rest !== "" && !mayHaveFields && !own) return undefined;
  const labels: NewLabel[] = comm === undefined ? [] : [{ key: "comm", text: comm }];
  // A single number before an event is its period.
  const isPeriod = !timed && comm === undefined && second === undefined && period === undefined;
  if (isPeriod) period = first;
  else if (first !== undefined) {
    // A single id is the thread's.
    const ids = second === undefined ? { tid: first } : { pid: first, tid: second };
    for (const [key, id] of Object.entries(ids)) {
      labels.push({ key, number: parseInt64(id) ?? 0, unit: "id" });
    }
  }
  const { seconds, fraction = "" } = groups;
  return {
    time:
      seconds === undefined
        ? undefined
        : { seconds: Number(seconds), nanos: Number(fraction.slice(0, 9).padEnd(9, "0")) },
    labels,
    event,
    period: period === undefined ? undefined : parseInt64(period),
    ownFrame: own ?? undefined,
    isClear,
  };
}

interface Events {
  readonly types: NewValueType[];
  /** The event of most samples: a rare one (page-faults) may come first in the file. */
  readonly main: string;
  /** The time of the first sample; undefined if samples have no times. */
  readonly start: Time | undefined;
  row(event: string): number;
}

const NO_EVENTS: Events = { types: [], main: SAMPLES.type, start: undefined, row: () => 0 };

/** Returns the events of a file, before samples are read. */
function findEvents(bytes: Uint8Array): Events {
  const hasPeriod = new Map<string, boolean>();
  const samples = new Map<string, number>();
  const lines = new LineReader(bytes);
  let start: Time | undefined;
  const add = ({ event, period, time }: Head) => {
    if (time && (!start || nanosBetween(start, time) < 0)) start = time;
    if (event === undefined) return;
    if (!hasPeriod.has(event) && hasPeriod.size >= MAX_EVENTS) {
      throw malformedLine("perf script output", lines, `more than ${MAX_EVENTS} events`);
    }
    hasPeriod.set(event, hasPeriod.get(event) || period !== undefined);
    samples.set(event, (samples.get(event) ?? 0) + 1);
  };
  let unclear: Head | undefined;
  while (lines.next()) {
    if (unclear && CLEAR_FRAME.test(lines.line)) add(unclear);
    unclear = undefined;
    if (!hasContent(lines.line)) continue;
    const head = readHead(lines.line);
    if (head?.isClear || head?.ownFrame) add(head);
    else unclear = head;
  }
  const rows = new Map([...hasPeriod.keys()].map((event, row) => [event, row]));
  const types = [...hasPeriod].map(([type, has]): NewValueType => {
    return { type, unit: has && CLOCKS.test(type) ? "nanoseconds" : "count" };
  });
  const [main = SAMPLES.type] = [...samples].sort(([, a], [, b]) => b - a)[0] ?? [];
  return { types, main, start, row: (event) => rows.get(event) ?? 0 };
}

/** More events than any recording has. */
const MAX_EVENTS = 256;

/** Events whose period is a time. */
const CLOCKS = /^(?:cpu|task)-clock(?::|$)/;
