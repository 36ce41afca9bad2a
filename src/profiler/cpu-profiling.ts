import type { Profile } from "../profile/profile.js";

/** A CPU profile that is being collected. */
export interface CpuProfiling {
  /** Stops sampling and returns the profile. Rejects if sampling was stopped before. */
  stop(): Promise<Profile>;
  /** Stops sampling and discards the samples. Does nothing if sampling was stopped before. */
  cancel(): Promise<void>;
}
