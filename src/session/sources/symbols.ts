import { parseSymbolize } from "../../options/symbolize.js";
import type { Options } from "../../options/table.js";
import type { Profile } from "../../profile/profile.js";
import type { MachineCode } from "../../report/machine-code.js";
import type { KnownBinaries } from "../../symbolize/known-binaries.js";
import type { LocalSearch } from "../../symbolize/symbolize.js";
import { findLookups } from "../../transforms/symbolize.js";
import type { Warn } from "../show/messages.js";
import type { LoadedProfile } from "./loaded-profile.js";

/** Adds names to addresses, as -symbolize says. Reads at most `limit` bytes from a server. */
export async function withSymbols(
  { profile, binaries, servers }: LoadedProfile,
  options: Options,
  limit: number,
  warn: Warn,
): Promise<Profile> {
  const { mode } = parseSymbolize(options.symbolize);
  if (!mode) return profile;
  let symbolized = profile;
  if (mode.local) {
    const lookups = findLookups(profile, mode.force);
    if (lookups.wanted.length > 0 || lookups.lacksMainName || lookups.lacksName) {
      const { symbolizeLocally } = await import("../../symbolize/symbolize.js");
      const search = await localSearch(binaries, options, warn);
      symbolized = await symbolizeLocally(profile, lookups, search);
    }
  }
  if (mode.remote && servers) {
    const { symbolizeRemotely } = await import("./remote-symbols.js");
    symbolized = await symbolizeRemotely(symbolized, servers, mode.force, options, limit);
  }
  return symbolized;
}

/** Opens the machine code of the binaries of a profile. */
export async function machineCodeOf(
  { binaries }: LoadedProfile,
  options: Pick<Options, "symbolize" | "tools" | "intel_syntax">,
  warn: Warn,
): Promise<MachineCode> {
  const { BinaryFiles } = await import("../../symbolize/machine-code.js");
  return new BinaryFiles(await localSearch(binaries, options, warn), options.intel_syntax);
}

async function localSearch(
  known: KnownBinaries,
  { symbolize, tools }: Pick<Options, "symbolize" | "tools">,
  warn: Warn,
): Promise<LocalSearch> {
  const { Tools } = await import("../../symbolize/tools/tools.js");
  const { fast = false, force = false } = parseSymbolize(symbolize).mode ?? {};
  const where = new Tools(tools || process.env.PPROF_TOOLS || "", process.env);
  return { tools: where, fast, force, known, warn };
}
