import os from "node:os";
import { afterAll, beforeAll } from "vitest";

/**
 * Runs the tests of a file before those of other processes if the user is root. On a busy machine,
 * V8's sampling thread, which has the priority of the thread that starts it, takes too few samples.
 */
export function usePriority(): void {
  beforeAll(() => setPriority(-15));
  afterAll(() => setPriority(0));
}

function setPriority(priority: number): void {
  try {
    os.setPriority(priority);
  } catch {
    // Other users have the usual priority.
  }
}
