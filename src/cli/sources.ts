import { binaryFolders } from "../node/binaries/binary-folders.js";
import { KnownBinaries } from "../node/binaries/known-binaries.js";
import { gunzip, gunzipAhead } from "../node/gunzip.js";
import { readInput, STDIN } from "../node/input.js";
import { isProgramFile } from "../node/program-file.js";
import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { type Gunzip, readProfile } from "../profile/read.js";
import { ensureMapping, nameProgram, type Program } from "../profile/transforms/main-mapping.js";
import { describeError, UsageError } from "./errors.js";
import type { Request } from "./request.js";
import type { LoadedProfile } from "./symbols.js";

/** Takes a line for the user. */
type Warn = (line: string) => void;

/** What is read, and how. */
type SourceRequest = Pick<Request, "sources"> & { readonly options: Options };

/**
 * Reads what a request is about: its sources merged, and compared with the base where
 * there is one. Of several sources those that cannot be read are left out with a warning.
 * The first may be the program that the others are profiles of, as people are used to.
 */
export async function loadProfile(
  { sources, options }: SourceRequest,
  limit: number,
  warn: Warn,
): Promise<LoadedProfile> {
  const { base, diff_base: diffBase, normalize } = options;
  if (base !== "" && diffBase !== "") {
    throw new UsageError("-base and -diff_base exclude each other");
  }
  const baseSource = base || diffBase;
  if (normalize && baseSource === "") {
    throw new UsageError("-normalize needs a base profile to normalize by; give one with -base");
  }
  const hasProgram = sources.length > 1 && isProgramFile(sources[0]);
  const program = { file: hasProgram ? sources[0] : "", buildId: options.buildid };
  const reader = new SourceReader(program, limit, warn);
  const profile = await reader.merged(hasProgram ? sources.slice(1) : sources);
  const { binaries } = reader;
  // None is fetched from a server yet.
  const mappingSources = new Map();
  if (baseSource === "") return { profile, binaries, sources: mappingSources };
  const before = await reader.merged([baseSource]);
  const { compareProfiles } = await import("../profile/transforms/compare.js");
  try {
    const how = { marksBase: diffBase !== "", normalizes: normalize };
    const compared = compareProfiles(profile, before, how, limit);
    return { profile: compared, binaries, sources: mappingSources };
  } catch (error) {
    throw namedError(baseSource, error);
  }
}

/** The error with the name of the source it is about, unless it has that already. */
function namedError(source: string, error: unknown): Error {
  const name = nameOf(source);
  const what = describeError(error);
  return new Error(what.startsWith(`${name}: `) ? what : `${name}: ${what}`, { cause: error });
}

function nameOf(source: string): string {
  return source === STDIN ? "standard input" : source || '""';
}

/** Reads sources, and tells of those that cannot be read. */
class SourceReader {
  readonly #program: Program;
  readonly #limit: number;
  readonly #warn: Warn;
  readonly #binaryFolders = binaryFolders(process.env);
  /** What was told of binaries; a profile may be read twice. */
  readonly #told = new Set<string>();
  readonly binaries = new KnownBinaries();
  /** What came through standard input, which cannot be read again. */
  #stdin: Promise<Uint8Array> | undefined;

  constructor(program: Program, limit: number, warn: Warn) {
    this.#program = program;
    this.#limit = limit;
    this.#warn = warn;
  }

  /** All of `sources` in one profile; throws where there is none that can be read. */
  async merged(sources: readonly string[]): Promise<Profile> {
    if (sources.length === 1) return this.#read(sources[0], gunzip);
    const { mergeAll } = await import("../profile/transforms/merge/merge-all.js");
    const failed = new Set<number>();
    const inputs = sources.map((source, i) => ({
      name: nameOf(source),
      read: async () => {
        if (failed.has(i)) return undefined;
        try {
          return await this.#read(source, gunzipAhead);
        } catch (error) {
          failed.add(i);
          this.#warn(describeError(error));
          return undefined;
        }
      },
    }));
    const merged = await mergeAll(inputs, this.#limit);
    if (!merged) throw new Error("none of the profiles could be read");
    if (failed.size > 0) {
      this.#warn(`read ${sources.length - failed.size} of ${sources.length} profiles`);
    }
    return merged;
  }

  async #read(source: string, inflate: Gunzip): Promise<Profile> {
    try {
      const profile = await readProfile(await this.#bytes(source), inflate, this.#limit);
      return this.#named(ensureMapping(await this.#located(profile)));
    } catch (error) {
      throw namedError(source, error);
    }
  }

  /** With the names of those binaries that the user keeps. */
  async #located(profile: Profile): Promise<Profile> {
    if (this.#binaryFolders.length === 0) return profile;
    const { locateBinaries } = await import("../node/binaries/locate.js");
    return locateBinaries(profile, this.#binaryFolders, this.binaries, (line) => {
      if (!this.#told.has(line)) this.#warn(line);
      this.#told.add(line);
    });
  }

  /** With the name of the program that the user gave. */
  #named(profile: Profile): Profile {
    const { mappings, strings } = profile;
    const { file } = this.#program;
    if (file !== "") this.binaries.add(file, strings.get(mappings.file[0]));
    return nameProgram(profile, this.#program);
  }

  #bytes(source: string): Promise<Uint8Array> {
    if (source !== STDIN) return readInput(source, this.#limit);
    this.#stdin ??= readInput(source, this.#limit);
    return this.#stdin;
  }
}
