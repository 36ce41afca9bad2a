/** V8's profiler is in use already, and can run only once in a thread. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}
