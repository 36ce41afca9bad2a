import type { FromWorker, OpenedProfile, Task } from "./messages.js";
import type { ReportProcess } from "./process.js";
import type { SharedOutput } from "./shared-output.js";

/** Quick reports have a worker of their own, so that they do not wait for slow ones. */
export type Lane = "quick" | "slow";

/** A task that clients wait for. */
export interface Job {
  /** Equal tasks have equal keys. */
  readonly key: string;
  readonly task: Task;
  readonly output: SharedOutput;
  lane: Lane;
  /** The worker that runs the task; undefined while the job waits. */
  worker: PoolWorker | undefined;
  /** When the task was started, by {@link performance}. */
  startedAt: number;
  /** When the task or its client last made progress, by {@link performance}. */
  activeAt: number;
  /** Whether the worker waits until clients have read more of the output. */
  isPaused: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** A process of the pool. It runs one job at a time. */
export interface PoolWorker {
  readonly process: ReportProcess;
  lane: Lane;
  /** Whether it has read the profile. */
  isReady: boolean;
  job: Job | undefined;
  idleTimer: NodeJS.Timeout | undefined;
}

/** Gets the messages of a worker that is not ready yet, and undefined if the worker ends. */
export type OnStarting = (message: FromWorker | undefined) => void;

/** A profile that was read, with the bytes of its file in pieces. */
export interface OpenedFile extends OpenedProfile {
  readonly pieces: readonly Uint8Array[];
}

export function isFree({ isReady, job }: PoolWorker): boolean {
  return isReady && !job;
}
