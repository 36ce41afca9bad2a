import vm from "node:vm";

/** Work was broken off by Ctrl-C. */
export class BrokenOff extends Error {
  override name = "BrokenOff";
}

/**
 * Does work that Ctrl-C breaks off even while it computes, when nothing else can run:
 * throws {@link BrokenOff} then. What it was changing may be left half-way.
 */
export function breakable<T>(work: () => T): T {
  // Only what a script calls can be broken off.
  const context: { work: () => T } = { work };
  try {
    return CALL.runInNewContext(context, { breakOnSigint: true }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") {
      throw new BrokenOff("interrupted");
    }
    throw error;
  }
}

const CALL = new vm.Script("work()");
