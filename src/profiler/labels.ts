import { AsyncLocalStorage, createHook } from "node:async_hooks";
import type { Labels, LabelTimeline } from "./timeline.js";

const storage = new AsyncLocalStorage<Labels>();

/** Whether the program uses labels at all; until then the async hook stays off. */
let areUsed = false;

/** The timeline of the CPU profile that is being collected. */
let timeline: LabelTimeline | undefined;

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
    if (timeline) hook.enable();
  }
  timeline?.enter(merged);
  try {
    return storage.run(merged, fn);
  } finally {
    // A profile may have been started inside `fn`.
    timeline?.enter(storage.getStore());
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
    if (!timeline) return;
    running.push({ id, outer: timeline.current });
    timeline.enter(storage.getStore());
  },
  after(id) {
    if (!timeline) return;
    // Inner callbacks without an end were left by an exception.
    for (let last = running.pop(); last; last = running.pop()) {
      if (last.id !== id) continue;
      timeline.enter(last.outer);
      return;
    }
    // The callback began before the profile.
    timeline.enter(undefined);
  },
});

/** An uncaught error has left all callbacks. The program may continue. */
function leaveAll(): void {
  running = [];
  timeline?.enter(undefined);
}

/** Records in `target` when labels change, until {@link unwatchLabels}. */
export function watchLabels(target: LabelTimeline): void {
  timeline = target;
  running = [];
  target.enter(storage.getStore());
  process.on("uncaughtExceptionMonitor", leaveAll);
  if (areUsed) hook.enable();
}

/** Returns the timeline that records this thread's labels now. */
export function watchedLabels(): LabelTimeline | undefined {
  return timeline;
}

export function unwatchLabels(): void {
  timeline = undefined;
  running = [];
  hook.disable();
  process.off("uncaughtExceptionMonitor", leaveAll);
}
