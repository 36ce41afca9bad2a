import { type ClockReadings, readOrigin } from "./clock.js";
import type { LabelTimeline, TimelineData } from "./label-timeline.js";
import { unwatchLabels, watchLabels } from "./labels.js";

/** The labels of a thread during a CPU profile that another thread collects, as JSON. */
export interface OfferedLabels extends ClockReadings {
  readonly timeline: TimelineData;
}

/** Records the labels of the thread in which it was made. */
export interface LabelOffer {
  /** Begins to record, and calls `begin`, which starts V8's profile with this title. */
  start(title: string, begin: () => void): void;
  /** Returns the labels during the profile. */
  stop(title: string): OfferedLabels | undefined;
}

/** The global symbol under which a thread that has loaded this module stores its offer. */
export const LABEL_OFFER = "tsprof.labels";

/** Offers the labels of this thread to other threads of the process. */
export function offerLabels(): void {
  const timelines = new Map<string, { timeline: LabelTimeline; after: number; before: number }>();
  const offer: LabelOffer = {
    start(title, begin) {
      const timeline = watchLabels();
      const after = performance.now();
      begin();
      timelines.set(title, { timeline, after, before: performance.now() });
    },
    stop(title) {
      const found = timelines.get(title);
      if (!found) return undefined;
      timelines.delete(title);
      unwatchLabels(found.timeline);
      return {
        ...{ startedAfter: found.after, startedBefore: found.before, origin: readOrigin() },
        timeline: found.timeline.toJSON(),
      };
    },
  };
  const value = { value: offer, configurable: true };
  Object.defineProperty(globalThis, Symbol.for(LABEL_OFFER), value);
}
