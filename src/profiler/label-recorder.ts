import { type ClockReadings, readOrigin } from "./clock.js";
import { unwatchLabels, watchedLabels, watchLabels } from "./labels.js";
import { LabelTimeline, type TimelineData } from "./timeline.js";

/** The labels of a thread during a CPU profile that another thread collects. */
export interface RecordedLabels extends ClockReadings {
  readonly timeline: TimelineData;
}

/** Records the labels of the thread in which it was made. */
export interface LabelRecorder {
  /**
   * Begins to record, and calls `begin`, which starts V8's profiler. Records nothing if the thread
   * collects a profile with labels itself.
   */
  start(begin: () => void): void;
  /** Returns {@link RecordedLabels} as JSON; empty if not all labels were recorded. */
  stop(): string;
}

/** The global symbol under which a thread that has loaded this module stores its recorder. */
export const LABEL_RECORDER = "tsprof.labels";

/** Offers the labels of this thread to other threads of the process. */
export function offerLabelRecorder(): void {
  let recording: { timeline: LabelTimeline; before: number; after: number } | undefined;
  const recorder: LabelRecorder = {
    start(begin) {
      if (watchedLabels() && watchedLabels() !== recording?.timeline) return begin();
      const timeline = new LabelTimeline();
      watchLabels(timeline);
      const before = performance.now();
      begin();
      recording = { timeline, before, after: performance.now() };
    },
    stop() {
      if (!recording) return "";
      const { timeline, before, after } = recording;
      recording = undefined;
      // A profile of this thread has begun since, and has recorded the labels instead.
      if (watchedLabels() !== timeline) return "";
      unwatchLabels();
      const recorded: RecordedLabels = {
        ...{ before, after, origin: readOrigin() },
        timeline: timeline.toJSON(),
      };
      return JSON.stringify(recorded);
    },
  };
  Object.defineProperty(globalThis, Symbol.for(LABEL_RECORDER), {
    value: recorder,
    configurable: true,
  });
}
