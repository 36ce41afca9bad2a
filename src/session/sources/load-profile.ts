import { UserError, usageError } from "../../errors/user-error.js";
import type { SourceUrl } from "../../fetch/source-url.js";
import { type Gunzip, readWithFormat } from "../../formats/read.js";
import { gunzip, gunzipAhead } from "../../platform/files/gunzip.js";
import { isProgramFile } from "../../platform/files/program-file.js";
import type { Profile } from "../../profile/profile.js";
import { SourceMapUse } from "../../source-code/source-map-use.js";
import { binaryFolders } from "../../symbolize/binary-folders.js";
import { KnownBinaries } from "../../symbolize/known-binaries.js";
import { ensureMapping, nameProgram, type Program } from "../../transforms/main-mapping.js";
import { describeError } from "../errors.js";
import type { SourceRequest } from "../request.js";
import { printMessage, type Warn } from "../show/messages.js";
import type { LoadedProfile, MappingServer } from "./loaded-profile.js";
import { OpenSources, type Source, withSourceName } from "./open-sources.js";

/**
 * Reads and merges the sources of a request, and compares them with the base if there is one. As in
 * pprof, the first source may be the program. Unreadable sources are skipped if there are several.
 * Applies source maps, and reports that unless the caller does: then it passes `sharedMaps`.
 */
export async function loadProfile(
  {
    sources,
    options,
    weights,
    needsAll = false,
    equalsPprof,
    keepsOriginal = false,
  }: SourceRequest,
  limit: number,
  warn: Warn,
  sharedMaps?: SourceMapUse,
): Promise<LoadedProfile> {
  const { base, diff_base: diffBase, normalize } = options;
  if (base !== "" && diffBase !== "") {
    throw usageError("-base and -diff_base exclude each other; leave out one of them");
  }
  const baseSource = base || diffBase;
  if (normalize && baseSource === "") {
    throw usageError("-normalize needs a base profile to normalize by; give one with -base");
  }
  const { program: programFile, profiles } = splitProgram(sources);
  const program = { file: programFile ?? "", buildId: options.buildid };
  const opened = new OpenSources(profiles, baseSource, { options, limit });
  const keepsScripts = options.source_maps === "auto" && equalsPprof === true;
  const maps = { use: sharedMaps ?? new SourceMapUse(options.source_maps), keepsScripts };
  const load = async (warnBesideProgress: Warn): Promise<LoadedProfile> => {
    const reader = new SourceReader(program, limit, warnBesideProgress, { needsAll, maps });
    const weighted = programFile === undefined ? weights : weights?.slice(1);
    const merged = reader.merged(opened.main, weighted);
    const profile = await Promise.race([merged, opened.baseFailure()]);
    const { binaries, servers, isPprofs } = reader;
    if (!opened.base) {
      const original = keepsOriginal ? reader.original(profile) : undefined;
      return { profile, isPprofs, original, binaries, servers };
    }
    const read = await reader.merged([opened.base]);
    const { compareProfiles } = await import("../../transforms/compare.js");
    const { alignBase } = await import("../../view/align-base.js");
    // Lines of functions are part of pprof's raw report.
    const baseProfile = equalsPprof && isPprofs ? read : alignBase(read, profile);
    try {
      const how = { marksBase: diffBase !== "", normalizes: normalize };
      const compared = compareProfiles(profile, baseProfile, how, limit);
      return {
        profile: compared,
        isPprofs,
        original: undefined,
        binaries,
        servers: reader.servers,
      };
    } catch (error) {
      throw withSourceName(opened.base, error);
    }
  };
  const loaded = await opened.reading(load, warn);
  if (!sharedMaps) maps.use.report(warn, printMessage);
  return loaded;
}

/** Splits off the first source if it is a program: the profiled one. */
export function splitProgram(sources: readonly string[]): {
  program: string | undefined;
  profiles: readonly string[];
} {
  const hasProgram = sources.length > 1 && isProgramFile(sources[0]);
  return hasProgram
    ? { program: sources[0], profiles: sources.slice(1) }
    : { program: undefined, profiles: sources };
}

async function weigh(profile: Profile, weight = 1): Promise<Profile> {
  if (weight === 1) return profile;
  return (await import("../../transforms/weigh.js")).scaleByWeight(profile, weight);
}

interface SourceMaps {
  readonly use: SourceMapUse;
  /** Whether profiles in pprof's formats keep their scripts. */
  readonly keepsScripts: boolean;
}

/** Reads sources, and warns about sources that cannot be read. */
class SourceReader {
  readonly #program: Program;
  readonly #limit: number;
  readonly #warn: Warn;
  readonly #needsAll: boolean;
  readonly #maps: SourceMaps;
  readonly #binaryFolders = binaryFolders(process.env);
  /** Warnings that were shown: the same binary may be missing for several sources. */
  readonly #given = new Set<string>();
  readonly binaries = new KnownBinaries();
  /** The profile that was read last, and its bytes. */
  #last: { readonly profile: Profile; readonly bytes: Uint8Array } | undefined;
  /** Whether pprof reads the formats of all sources so far itself. */
  isPprofs = true;
  /** The servers that the mappings come from; undefined if all sources are files. */
  servers: MappingServer[] | undefined;

  constructor(
    program: Program,
    limit: number,
    warn: Warn,
    { needsAll, maps }: { readonly needsAll: boolean; readonly maps: SourceMaps },
  ) {
    this.#program = program;
    this.#needsAll = needsAll;
    this.#maps = maps;
    this.#limit = limit;
    this.#warn = warn;
  }

  /** Returns the bytes that `profile` was read from, if they contain all that is in it. */
  original(profile: Profile): Uint8Array | undefined {
    return profile === this.#last?.profile ? this.#last.bytes : undefined;
  }

  /** Reads and merges `sources`. Throws a {@link UserError} if none of them can be read. */
  async merged(sources: readonly Source[], weights?: readonly number[]): Promise<Profile> {
    if (sources.length === 1) return weigh(await this.#read(sources[0], gunzip), weights?.[0]);
    const { mergeAll } = await import("../../transforms/merge/merge-all.js");
    const failed = new Set<number>();
    const inputs = sources.map((source, i) => ({
      name: source.name,
      read: async () => {
        if (failed.has(i)) return undefined;
        try {
          return await weigh(await this.#read(source, gunzipAhead), weights?.[i]);
        } catch (error) {
          if (this.#needsAll) throw error;
          failed.add(i);
          this.#warn(describeError(error));
          return undefined;
        }
      },
    }));
    const merged = await mergeAll(inputs, this.#limit);
    if (!merged) throw new UserError("none of the profiles could be read");
    if (failed.size > 0) {
      this.#warn(`read ${sources.length - failed.size} of ${sources.length} profiles`);
    }
    return merged;
  }

  async #read(source: Source, inflate: Gunzip): Promise<Profile> {
    try {
      const bytes = await source.bytes();
      const { profile: read, format, warnings } = await readWithFormat(bytes, inflate, this.#limit);
      for (const line of warnings) this.#warnOnce(`${source.name}: ${line}`);
      this.isPprofs &&= format.isPprofs;
      this.#last = { profile: read, bytes };
      const { use, keepsScripts } = this.#maps;
      const mapped = keepsScripts && format.isPprofs ? read : await use.apply(read);
      const profile = this.#nameProgram(ensureMapping(await this.#locateBinaries(mapped)));
      return source.url ? await this.#nameMappings(profile, source.url) : profile;
    } catch (error) {
      throw withSourceName(source, error);
    }
  }

  /** Sets the paths of binaries that are in the folders of PPROF_BINARY_PATH. */
  async #locateBinaries(profile: Profile): Promise<Profile> {
    if (this.#binaryFolders.length === 0) return profile;
    const { locateBinaries } = await import("../../symbolize/locate.js");
    return locateBinaries(profile, this.#binaryFolders, this.binaries, (line) =>
      this.#warnOnce(line),
    );
  }

  #warnOnce(line: string): void {
    if (!this.#given.has(line)) this.#warn(line);
    this.#given.add(line);
  }

  /** Names the program of the profile after the file that the user gave. */
  #nameProgram(profile: Profile): Profile {
    const { mappings, strings } = profile;
    const { file } = this.#program;
    if (file !== "") this.binaries.add(file, strings.get(mappings.file[0]));
    return nameProgram(profile, this.#program);
  }

  /** Names mappings without a name after the server, which may know their symbols. */
  async #nameMappings(profile: Profile, url: SourceUrl): Promise<Profile> {
    const { traceMappings } = await import("../../transforms/symbolz.js");
    const traced = traceMappings(profile, url.shown);
    this.servers ??= [];
    for (const source of traced.sources) this.servers.push({ ...source, url });
    return traced.profile;
  }
}
