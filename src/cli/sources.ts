import { gunzip } from "../node/gunzip.js";
import { readInput } from "../node/input.js";
import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { readProfile } from "../profile/read.js";
import { ensureMapping } from "../profile/transforms/main-mapping.js";
import { describeError, UsageError } from "./errors.js";
import type { Request } from "./request.js";

/** Takes a line for the user. */
type Warn = (line: string) => void;

/** What to read, and how much of it. */
type SourceRequest = Pick<Request, "sources"> & { readonly options: Options };

/**
 * Reads what a request is about: its sources merged, and compared with the base where
 * there is one. Of several sources those that cannot be read are left out with a warning.
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
  const profile = await mergeSources(sources, limit, warn);
  if (baseSource === "") return profile;
  const before = await mergeSources([baseSource], limit, warn);
  const { compareProfiles } = await import("../profile/transforms/compare.js");
  return compareProfiles(profile, before, { marksBase: diffBase !== "", normalizes: normalize });
}

async function mergeSources(
  sources: readonly string[],
  limit: number,
  warn: Warn,
): Promise<Profile> {
  if (sources.length === 1) return readSource(sources[0], limit);
  const { mergeAll } = await import("../profile/transforms/merge/merge-all.js");
  const failed = new Set<string>();
  const inputs = sources.map((source) => async () => {
    if (failed.has(source)) return undefined;
    try {
      return await readSource(source, limit);
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

async function readSource(source: string, limit: number): Promise<Profile> {
  try {
    return ensureMapping(await readProfile(await readInput(source, limit), gunzip, limit));
  } catch (error) {
    const name = source === "-" ? "standard input" : source || '""';
    const what = describeError(error);
    throw new Error(what.startsWith(`${name}: `) ? what : `${name}: ${what}`, { cause: error });
  }
}
