import { availableParallelism } from "node:os";

/** What reports of a server may take. Times are in milliseconds. */
export interface ReportLimits {
  /**
   * A report that takes longer leaves the worker for quick reports when others wait there; also
   * longer than it takes to start another worker, up to `mostQuickMs`.
   */
  readonly quickMs: number;
  readonly mostQuickMs: number;
  /** The time that a report may take, or may wait for its client to read, before it is ended. */
  readonly reportMs: number;
  /** How many slow reports are started at the same time. */
  readonly slowWorkers: number;
  /** How many reports may go on besides those when they turn out to be slow. */
  readonly extraWorkers: number;
  /** How many reports of each kind may wait. */
  readonly waitingQuick: number;
  readonly waitingSlow: number;
  /** The output that is held for clients, in bytes: a report that has made more waits. */
  readonly heldBytes: number;
  /** A worker for slow reports ends when it has had nothing to do for this long. */
  readonly idleMs: number;
}

/** One processor stays free for quick reports; each worker has a copy of the profile in memory. */
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
