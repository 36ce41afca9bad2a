import vm from "node:vm";
import { interruption } from "../errors/user-error.js";

/**
 * Runs `work`. Ctrl-C stops it even while it blocks the event loop, and throws an {@link
 * interruption}. Data that `work` was changing may then be inconsistent.
 */
export function runInterruptibly<T>(work: () => T): T {
  // Node can interrupt only code that a `vm.Script` calls.
  const context: { work: () => T } = { work };
  try {
    return CALL.runInNewContext(context, { breakOnSigint: true }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") {
      throw interruption();
    }
    throw error;
  }
}

const CALL = new vm.Script("work()");
