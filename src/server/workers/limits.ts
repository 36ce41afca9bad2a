import { availableParallelism } from "node:os";

/** The limits for reports of a server. Times are in milliseconds. */
export interface ReportLimits {
  /**
   * A report that takes longer leaves the worker for quick reports if others wait. If a new worker
   * starts more slowly, its start-up time counts instead, up to `mostQuickMs`.
   */
  readonly quickMs: number;
  readonly mostQuickMs: number;
  /** The longest time without progress of a report, or of a client that reads it. */
  readonly reportMs: number;
  /** How many slow reports may start at the same time. */
  readonly slowWorkers: number;
  /** How many additional reports may continue after they have become slow. */
  readonly extraWorkers: number;
  /** How many reports may wait in each lane. */
  readonly waitingQuick: number;
  readonly waitingSlow: number;
  /** How much output is held for clients, in bytes. A report pauses at this limit. */
  readonly heldBytes: number;
  /** A worker for slow reports ends after it has been idle for this time. */
  readonly idleMs: number;
}

/** Leaves a processor for quick reports. At most 2, as each worker has a copy of the profile. */
const SLOW_WORKERS = Math.max(1, Math.min(2, availableParallelism() - 1));

export const REPORT_LIMITS: ReportLimits = {
  quickMs: 400,
  mostQuickMs: 2_000,
  reportMs: 30_000,
  slowWorkers: SLOW_WORKERS,
  extraWorkers: 2,
  waitingQuick: 500,
  waitingSlow: 10,
  heldBytes: 4 << 20,
  idleMs: 5_000,
};
