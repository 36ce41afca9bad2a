import type { ProcessIdentity } from "../platform/programs/process-identity.js";
import type { Sampling } from "../v8/protocol.js";

/** The kind of profile to record. */
export type ProfileKind = Sampling["kind"];

/** The recorder's instructions to recorded processes, which get them in an environment variable. */
export interface Plan extends Sampling {
  /** A private folder for the profiles. */
  readonly folder: string;
  /** The process that collects the profiles. Without it, processes stop recording. */
  readonly recorder: ProcessIdentity;
}

/** The environment variable that holds the {@link Plan}, as JSON. */
export const PLAN_VARIABLE = "TSPROF_RECORD";

/**
 * The global symbol under which a recorded thread stores the function that ends its recording. If
 * called with a signal, the function then also ends the process as by that signal.
 */
export const HOOK = "tsprof.record";

/** The content of the file `.started`, which a thread writes at its start, as JSON. */
export interface Started {
  readonly pid: number;
  readonly thread: number;
  /** The name of the script, without its folder. */
  readonly program: string;
}

/** Returns the name of a thread's files `.started`, `.name` (for workers) and `.profile`. */
export function threadFile(pid: number, thread: number): string {
  return `${pid}-${thread}`;
}

/** Returns the name of the file that exists while a program itself listens to a signal. */
export function listensFile(pid: number, signal: string): string {
  return `${pid}.${signal}`;
}
