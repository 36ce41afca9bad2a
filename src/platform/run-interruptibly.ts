import vm from "node:vm";
import { interruption } from "../errors/user-error.js";

/** Runs `work`. Ctrl-C stops it anywhere, even in a loop, and throws an {@link interruption}. */
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
