import { AsyncLocalStorage, createHook } from "node:async_hooks";
import type { Labels, LabelTimeline } from "./timeline.js";

const storage = new AsyncLocalStorage<Labels>();

/** Whether the program uses labels at all; until then the async hook stays off. */
let areUsed = false;

/** The timelines of the CPU profiles that are being collected. */
let timelines: readonly LabelTimeline[] = [];

/** The labels that are set now, while there are timelines. */
let current: Labels | undefined;

function enter(labels: Labels | undefined): void {
  if (labels === current) return;
  current = labels;
  for (const timeline of timelines) timeline.enter(labels);
}

/**
 * Calls `fn` and returns its result. Adds `labels` to the CPU samples of `fn` and of everything
 * that it starts, such as promises, timers and callbacks. Calls can be nested; an inner label
 * replaces an outer one of the same name. Throws a TypeError if a value is neither a string nor a
 * safe integer.
 */
export function withLabels<T>(labels: Labels, fn: () => T): T {
  for (const [name, value] of Object.entries(labels)) {
    if (name === "") throw new TypeError("a label needs a name");
    if (typeof value !== "string" && !Number.isSafeInteger(value)) {
      throw new TypeError(`the label ${name} must be a string or a safe integer`);
    }
  }
  const merged = { ...storage.getStore(), ...labels };
  if (!areUsed) {
    areUsed = true;
    if (timelines.length > 0) hook.enable();
  }
  if (timelines.length > 0) enter(merged);
  try {
    return storage.run(merged, fn);
  } finally {
    // A profile may have been started inside `fn`.
    if (timelines.length > 0) enter(storage.getStore());
  }
}

/** The running async callbacks, innermost last, with the labels around each. */
let running: { readonly id: number; readonly outer: Labels | undefined }[] = [];

/**
 * Follows async callbacks, including the continuation after an `await`. Node has restored the
 * callback's store before it calls the hook, however it implements AsyncLocalStorage.
 */
const hook = createHook({
  before(id) {
    if (timelines.length === 0) return;
    running.push({ id, outer: current });
    enter(storage.getStore());
  },
  after(id) {
    if (timelines.length === 0) return;
    // Inner callbacks without an end were left by an exception.
    for (let last = running.pop(); last; last = running.pop()) {
      if (last.id !== id) continue;
      enter(last.outer);
      return;
    }
    // The callback began before the profile.
    enter(undefined);
  },
});

/** An uncaught error has left all callbacks. The program may continue. */
function leaveAll(): void {
  running = [];
  enter(undefined);
}

/** Records in `timeline` when labels change, until {@link unwatchLabels}. */
export function watchLabels(timeline: LabelTimeline): void {
  if (timelines.length === 0) {
    current = storage.getStore();
    process.on("uncaughtExceptionMonitor", leaveAll);
    if (areUsed) hook.enable();
  }
  timelines = [...timelines, timeline];
  timeline.enter(current);
}

/** Ends {@link watchLabels}. Does nothing if it has ended. */
export function unwatchLabels(timeline: LabelTimeline): void {
  if (!timelines.includes(timeline)) return;
  timelines = timelines.filter((other) => other !== timeline);
  if (timelines.length > 0) return;
  running = [];
  current = undefined;
  hook.disable();
  process.off("uncaughtExceptionMonitor", leaveAll);
}
