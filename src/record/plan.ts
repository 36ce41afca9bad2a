import type { ProcessIdentity } from "../platform/process-identity.js";
import type { Sampling } from "../v8/protocol.js";

/** What is recorded of every process. */
export type Kind = Sampling["kind"];

/** What the recorder asks of the processes that it records, through the environment. */
export interface Plan extends Sampling {
  /** A private folder, where profiles go. */
  readonly folder: string;
  /** The process that collects the profiles. Once it is gone, nobody needs them. */
  readonly recorder: ProcessIdentity;
}

/** The variable of the environment that holds the {@link Plan}, as JSON. */
export const PLAN_VARIABLE = "TSPROF_RECORD";

/**
 * The key in the registry of symbols under which a recorded thread has the function that
 * ends its recording; given a signal, it also does what that does to a program.
 */
export const HOOK = "tsprof.record";

/** What a thread leaves in the folder when it begins, as JSON in its `.started`. */
export interface Started {
  readonly pid: number;
  readonly thread: number;
  /** The name of the script, without its folder. */
  readonly program: string;
}

/** Files of a thread begin so: `.started`, `.name` (of a worker), and `.profile` at the end. */
export function threadFile(pid: number, thread: number): string {
  return `${pid}-${thread}`;
}

/** The file that is there while a program listens to a signal itself. */
export function listensFile(pid: number, signal: string): string {
  return `${pid}.${signal}`;
}
