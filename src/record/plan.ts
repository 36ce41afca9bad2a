import type { ProcessIdentity } from "../platform/programs/process-identity.js";
import { DEFAULT_HEAP_INTERVAL_BYTES, type Sampling } from "../v8/protocol.js";

/** The recorder's instructions to recorded processes, which get them in an environment variable. */
export interface Plan {
  /** At most one of the CPU, and one of the heap. */
  readonly samplings: readonly Sampling[];
  /** A private folder for the profiles. */
  readonly folder: string;
  /** The process that collects the profiles. Without it, processes stop recording. */
  readonly recorder: ProcessIdentity;
}

/** The environment variable that holds the {@link Plan}, as JSON. */
export const PLAN_VARIABLE = "TSPROF_RECORD";

/** The name of the worker thread that watches a process (watcher.ts). */
export const WATCHER_NAME = "tsprof";

/**
 * A command to a recorded thread:
 * - `start` starts a recording (only with auto/): of workers by the {@link Plan} in its argument;
 *   of the main thread, which returns the plan.
 * - `checkpoint` writes the samples so far, and returns its CPU time in milliseconds.
 * - `stop` writes the samples and ends the recording.
 * - A signal also ends the process as by that signal, unless the program handles it. With auto/, its
 *   argument is the wall-clock time in microseconds at which the signal arrived.
 * - `look` compares the memory with a limit of the old generation in bytes, and returns the
 *   milliseconds until the next look is necessary.
 */
export type Command = "start" | "checkpoint" | "stop" | "look" | NodeJS.Signals;

/**
 * The global symbol under which a recorded thread stores the function that executes a
 * {@link Command}.
 */
export const HOOK = "tsprof.record";

/**
 * Returns the expression that makes a recorded thread execute a command. JSON must represent the
 * argument.
 */
export function commandExpression(command: Command, argument: unknown = null): string {
  const [hook, ...args] = [HOOK, command, argument].map((value) => JSON.stringify(value));
  return `globalThis[Symbol.for(${hook})]?.(${args.join(", ")})`;
}

/** The content of the file `.started`, which a thread writes at its start, as JSON. */
export interface Started {
  readonly process: ProcessIdentity;
  readonly thread: number;
  /** The name of the script, without its folder. */
  readonly program: string;
  /** The wall-clock time in microseconds. */
  readonly timeMicros: number;
  /** The folder of the thread in /proc, if the system accounts for its CPU time. */
  readonly task?: string | undefined;
}

/**
 * Returns the common part of the names of a thread's files: `.started`, `.name` (for workers),
 * `.scripts` (script-log.ts), `.cpu` (cpu-accounting.ts),
 * `.TIME.cpu.profile` or `.TIME.heap.profile` for each checkpoint (TIME is its start in
 * microseconds), and `.ended` after the last of them.
 */
export function threadFile(pid: number, thread: number): string {
  return `${pid}-${thread}`;
}

/** Returns the name of the file that exists while a program itself listens to a signal. */
export function listensFile(pid: number, signal: string): string {
  return `${pid}.listens.${signal}`;
}

/** Returns the name of the file that exists after a process received a signal. */
export function receivedFile(pid: number, signal: string): string {
  return `${pid}.received.${signal}`;
}

/** Returns the name of the file with a {@link Command} of the recorder to a process. */
export function commandFile(pid: number): string {
  return `${pid}.command`;
}

/**
 * The content of the file of {@link memoryFile}, as JSON: bytes of the heap's old generation, which
 * ends a program when it is full.
 */
export interface NearLimit {
  /** The wall-clock time in microseconds. */
  readonly timeMicros: number;
  readonly used: number;
  readonly limit: number;
  /** The use of the heap when the sampling of its allocations began. */
  readonly sampledFrom: number;
}

/** Returns the name of the file that a process writes near its heap limit. */
export function memoryFile(pid: number): string {
  return `${pid}.memory`;
}

/** The sampling of a heap that is nearly full. */
export const NEAR_LIMIT_SAMPLING: Sampling = {
  kind: "heap",
  interval: DEFAULT_HEAP_INTERVAL_BYTES,
};

/** Returns the name of the heap profile that a process writes near its heap limit. */
export function memoryProfile(pid: number): string {
  return `${pid}.heapprofile`;
}
