import type { SourceUrl } from "../../fetch/source-url.js";
import type { Profile } from "../../profile/profile.js";
import type { KnownBinaries } from "../../symbolize/known-binaries.js";
import type { MappingSource } from "../../transforms/symbolz.js";

/** A mapping of a profile that was fetched from a server. */
export interface MappingServer extends MappingSource {
  readonly url: SourceUrl;
}

/** A profile, with the binaries and servers that its mappings come from. */
export interface LoadedProfile {
  readonly profile: Profile;
  /** Whether pprof reads the formats of all sources itself. The base does not count. */
  readonly isPprofs: boolean;
  /** The bytes of the source, if they were kept and contain all that is in the profile. */
  readonly original: Uint8Array | undefined;
  readonly binaries: KnownBinaries;
  /** The servers that the mappings come from; undefined if all sources are files. */
  readonly servers: readonly MappingServer[] | undefined;
}
