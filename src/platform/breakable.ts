import vm from "node:vm";
import { interruption } from "../errors/user-error.js";

/**
 * Does work that Ctrl-C breaks off even while it computes, when nothing else can run:
 * throws an {@link interruption} then. What it was changing may be left half-way.
 */
export function breakable<T>(work: () => T): T {
  // Only what a script calls can be broken off.
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
