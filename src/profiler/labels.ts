import { AsyncLocalStorage } from "node:async_hooks";
import { callbackHooks } from "./callback-hooks.js";
import {
  LabelRecorder,
  type LabelScope,
  type Labels,
  type LabelTimeline,
} from "./label-timeline.js";

const storage = new AsyncLocalStorage<LabelScope>();
const recorder = new LabelRecorder();

/** Whether the program uses labels at all; until then the hooks stay off. */
let areUsed = false;

/**
 * Calls `fn` and returns its result. Adds `labels` to the CPU samples of `fn` and of everything
 * that it starts, such as promises, timers and callbacks. Calls can be nested; an inner label
 * replaces an outer one of the same name. Throws a TypeError if a value is neither a string nor a
 * safe integer.
 */
export function withLabels<T>(labels: Labels, fn: () => T): T {
  for (const name of Object.keys(labels)) {
    const value = labels[name];
    if (name === "") throw new TypeError("a label needs a name");
    if (typeof value !== "string" && !Number.isSafeInteger(value)) {
      throw new TypeError(`the label ${name} must be a string or a safe integer`);
    }
  }
  const scope: LabelScope = { labels: { ...storage.getStore()?.labels, ...labels } };
  if (!areUsed) {
    areUsed = true;
    if (recorder.isActive) hooks.enable();
  }
  if (recorder.isActive) recorder.enter(scope);
  try {
    return storage.run(scope, fn);
  } finally {
    // A profile may have been started inside `fn`.
    if (recorder.isActive) recorder.enter(storage.getStore());
  }
}

/** The running callbacks, innermost last, with the labels around each. */
const callbacks: unknown[] = [];
const outerScopes: (LabelScope | undefined)[] = [];
let depth = 0;

/** Node has restored the callback's store, however it implements AsyncLocalStorage. */
function before(callback: unknown): void {
  callbacks[depth] = callback;
  outerScopes[depth++] = recorder.current;
  recorder.enter(storage.getStore());
}

/**
 * Leaves a callback. If it was called by another one, the labels of that one are set again.
 * Otherwise the event loop continues: until the next callback there are samples without labels by
 * definition, such as `(idle)`, and a little of Node's own work, so that no change is recorded.
 */
function after(callback: unknown): void {
  while (depth > 0) {
    // Inner callbacks without an end were left by an exception.
    const isEnded = callbacks[--depth] === callback;
    callbacks[depth] = undefined;
    if (!isEnded) continue;
    if (depth > 0) recorder.enter(outerScopes[depth]);
    return;
  }
}

/** An uncaught error has left all callbacks. The program may continue. */
function leaveAll(): void {
  depth = 0;
  callbacks.length = 0;
  recorder.enter(undefined);
}

const hooks = callbackHooks(before, after);

/** Records when labels change, until {@link unwatchLabels}. */
export function watchLabels(): LabelTimeline {
  if (!recorder.isActive) {
    depth = 0;
    process.on("uncaughtExceptionMonitor", leaveAll);
    if (areUsed) hooks.enable();
  }
  return recorder.start(storage.getStore());
}

/** Ends a timeline. Does nothing if it has ended. */
export function unwatchLabels(timeline: LabelTimeline): void {
  recorder.stop(timeline);
  if (recorder.isActive) return;
  hooks.disable();
  process.off("uncaughtExceptionMonitor", leaveAll);
}

/** Returns how many changes of labels a running timeline has, which need 16 bytes each. */
export function labelChanges(timeline: LabelTimeline): number {
  return recorder.changesSince(timeline);
}
