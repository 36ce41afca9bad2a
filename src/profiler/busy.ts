/** A profiler that runs once in a thread is in use. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}
