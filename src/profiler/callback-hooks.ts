import { createHook } from "node:async_hooks";
import { promiseHooks } from "node:v8";

/** Identifies a callback: its async id, or its promise. */
export type CallbackKey = number | Promise<unknown>;

/** Hooks that can be switched on and off. */
export interface CallbackHooks {
  enable(): void;
  disable(): void;
}

/** Node's option to leave out promises, from Node 24.14 on. */
const withoutPromises = { trackPromises: false };

/**
 * Whether promises can be followed by V8's hooks, which cost half as much as Node's. Node must not
 * need its own for AsyncLocalStorage, and must know the option to leave out promises: it refuses
 * the option together with `promiseResolve`.
 */
function canFollowPromisesByV8(): boolean {
  const needsHooks = "--no-async-context-frame";
  if (process.execArgv.includes(needsHooks) || process.env.NODE_OPTIONS?.includes(needsHooks)) {
    return false;
  }
  try {
    createHook({ promiseResolve() {}, ...withoutPromises });
    return false;
  } catch {
    return true;
  }
}

/**
 * Returns hooks that call `before` and `after` around every async callback, including the
 * continuation after an `await`. AsyncLocalStorage has the callback's store when `before` runs.
 */
export function callbackHooks(
  before: (key: CallbackKey) => void,
  after: (key: CallbackKey) => void,
): CallbackHooks {
  if (!canFollowPromisesByV8()) return createHook({ before, after });
  const hook = createHook({ before, after, ...withoutPromises });
  let stopPromises: (() => void) | undefined;
  return {
    enable() {
      hook.enable();
      stopPromises ??= promiseHooks.createHook({ before, after }) as () => void;
    },
    disable() {
      hook.disable();
      stopPromises?.();
      stopPromises = undefined;
    },
  };
}
