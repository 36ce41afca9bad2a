import { gunzip, gunzipAhead } from "../node/gunzip.js";
import { readInput } from "../node/input.js";
import { isProgramFile } from "../node/program-file.js";
import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { type Gunzip, readProfile } from "../profile/read.js";
import { ensureMapping, nameProgram, type Program } from "../profile/transforms/main-mapping.js";
import { describeError, UsageError } from "./errors.js";
import type { Request } from "./request.js";

/** Takes a line for the user. */
type Warn = (line: string) => void;

/** What to read, and how much of it. */
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
): Promise<Profile> {
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
  const profile = await mergeSources(sources.slice(Number(hasProgram)), program, limit, warn);
  if (baseSource === "") return profile;
  const before = await mergeSources([baseSource], program, limit, warn);
  const { compareProfiles } = await import("../profile/transforms/compare.js");
  return compareProfiles(profile, before, { marksBase: diffBase !== "", normalizes: normalize });
}

async function mergeSources(
  sources: readonly string[],
  program: Program,
  limit: number,
  warn: Warn,
): Promise<Profile> {
  if (sources.length === 1) return readSource(sources[0], program, limit, gunzip);
  const { mergeAll } = await import("../profile/transforms/merge/merge-all.js");
  const failed = new Set<string>();
  const inputs = sources.map((source) => async () => {
    if (failed.has(source)) return undefined;
    try {
      return await readSource(source, program, limit, gunzipAhead);
    } catch (error) {
      failed.add(source);
      warn(describeError(error));
      return undefined;
    }
  });
  const merged = await mergeAll(inputs, limit);
  if (!merged) throw new Error("none of the profiles could be read");
  if (failed.size > 0) {
    warn(`read ${sources.length - failed.size} of ${sources.length} profiles`);
  }
  return merged;
}

async function readSource(
  source: string,
  program: Program,
  limit: number,
  inflate: Gunzip,
): Promise<Profile> {
  try {
    const profile = await readProfile(await readInput(source, limit), inflate, limit);
    return nameProgram(ensureMapping(profile), program);
  } catch (error) {
    const name = source === "-" ? "standard input" : source || '""';
    const what = describeError(error);
    throw new Error(what.startsWith(`${name}: `) ? what : `${name}: ${what}`, { cause: error });
  }
}
