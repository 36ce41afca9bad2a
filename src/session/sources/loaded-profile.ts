import type { SourceUrl } from "../../fetch/source-url.js";
import type { Profile } from "../../profile/profile.js";
import type { KnownBinaries } from "../../symbolize/known-binaries.js";
import type { MappingSource } from "../../transforms/symbolz.js";

/** A mapping that came from a server. */
export interface MappingServer extends MappingSource {
  readonly url: SourceUrl;
}

/** A profile that was read, and what else is known of its mappings. */
export interface LoadedProfile {
  readonly profile: Profile;
  /** What was read, if it is kept and says alone all that is in the profile. */
  readonly original: Uint8Array | undefined;
  readonly binaries: KnownBinaries;
  /** The servers that mappings are from; undefined where all was read from files. */
  readonly servers: readonly MappingServer[] | undefined;
}
