/**
 * The agreement between the main thread and the thread that watches its event loop. Both bundles
 * contain this module: keep it free of imports and side effects.
 */

/** The data of the watching thread. */
export interface Watched {
  /** The time of the main thread's last beat ({@link clockMillis}). */
  readonly beat: Float64Array;
  /** The flags {@link CONNECTED} and {@link LEAVING}. */
  readonly flags: Int32Array;
  /** The main thread counts as blocked if its last beat is older than this. */
  readonly thresholdMillis: number;
  /** The time between two beats, and between two looks at them. */
  readonly beatMillis: number;
  /** The longest duration of a profile. */
  readonly maxMillis: number;
  /** The time from the end of a profile until the next may begin. */
  readonly cooldownMillis: number;
  /** The number of profiles in an hour. */
  readonly maxPerHour: number;
  readonly intervalMicros: number;
}

/** The index of the flag that the watching thread sets while it is connected to the main thread. */
export const CONNECTED = 0;

/** The index of the flag that makes the watching thread end. */
export const LEAVING = 1;

/** Values of {@link LEAVING}: end now, or once the profile in progress is complete. */
export const LEAVE_NOW = 1;
export const LEAVE_SOON = 2;

/** A message from the watching thread. */
export type WatcherMessage =
  | {
      readonly type: "profile";
      /** V8's CPU profile as JSON. */
      readonly json: string;
      /** The time of the profile's start by `Date.now()`. */
      readonly startMillis: number;
      readonly endMillis: number;
      /** The duration of the block. */
      readonly blockedMillis: number;
      /** Whether the event loop was still blocked when the profile ended. */
      readonly isUnfinished: boolean;
    }
  /** The block ended before V8 could start to profile. */
  | { readonly type: "missed"; readonly blockedMillis: number }
  | { readonly type: "failed"; readonly reason: string };

/** Returns milliseconds of a clock that all threads share. */
export function clockMillis(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
