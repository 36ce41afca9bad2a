import { AsyncLocalStorage, createHook } from "node:async_hooks";
import type { Labels, LabelTimeline } from "./timeline.js";

const storage = new AsyncLocalStorage<Labels>();

/** Whether any labels were ever given: until then nothing is watched. */
let areUsed = false;

/** Where changes are written to, while a CPU profile is taken. */
let timeline: LabelTimeline | undefined;

/**
 * Calls `fn`, and labels the samples of CPU profiles that are taken of it and of all that it
 * starts: promises, timers and callbacks take the labels along. Within it more labels can be
 * given; of one name the inner one holds. Returns what `fn` returns. Throws a TypeError where
 * a label is neither a text nor a whole number below 2^53.
 */
export function withLabels<T>(labels: Labels, fn: () => T): T {
  for (const [name, value] of Object.entries(labels)) {
    if (name === "") throw new TypeError("a label needs a name");
    if (typeof value !== "string" && !Number.isSafeInteger(value)) {
      throw new TypeError(`the label ${name} is neither a text nor a whole number below 2^53`);
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
    // A profile may have begun within.
    timeline?.enter(storage.getStore());
  }
}

/** What ran when a callback began, by the id of the callback, innermost last. */
let open: { readonly id: number; readonly outer: Labels | undefined }[] = [];

/**
 * Callbacks, and functions that go on after an await. Node has set up what belongs to them
 * before it calls these, however it keeps it: with hooks of its own, or with V8's help.
 */
const hook = createHook({
  before(id) {
    if (!timeline) return;
    open.push({ id, outer: timeline.current });
    timeline.enter(storage.getStore());
  },
  after(id) {
    if (!timeline) return;
    // Those within that never ended were thrown out of.
    for (let last = open.pop(); last; last = open.pop()) {
      if (last.id !== id) continue;
      timeline.enter(last.outer);
      return;
    }
    // It began before the recording did.
    timeline.enter(undefined);
  },
});

/** An error that nothing caught has left all callbacks, if the program goes on at all. */
function leaveAll(): void {
  open = [];
  timeline?.enter(undefined);
}

/** Writes down from now on, in `target`, which labels hold when. */
export function watchLabels(target: LabelTimeline): void {
  timeline = target;
  open = [];
  target.enter(storage.getStore());
  process.on("uncaughtExceptionMonitor", leaveAll);
  if (areUsed) hook.enable();
}

export function unwatchLabels(): void {
  timeline = undefined;
  open = [];
  hook.disable();
  process.off("uncaughtExceptionMonitor", leaveAll);
}
