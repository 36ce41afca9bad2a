import path from "node:path";
import { goReason } from "../platform/system-reason.js";
import { uint64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import {
  addSymbols,
  type FoundSymbols,
  type Frame,
  type Lookups,
  type MappedLocations,
} from "../transforms/symbolize.js";
import type { Binary } from "./binaries/binary.js";
import { BinaryError } from "./binaries/binary-error.js";
import type { KnownBinaries } from "./known-binaries.js";
import { openMappedBinary } from "./mapped-binary.js";
import { askAddr2line } from "./tools/addr2line.js";
import type { Frames } from "./tools/frames.js";
import { askLlvmSymbolizer } from "./tools/llvm-symbolizer.js";
import { readSymbols, type SymbolTable } from "./tools/nm.js";
import type { Tools } from "./tools/tools.js";

/** How to look up symbols. */
export interface LocalSearch {
  readonly tools: Tools;
  /** Whether to look up only function names, which is faster. */
  readonly fast: boolean;
  /** Whether to look up locations that have names already. */
  readonly force: boolean;
  readonly known: KnownBinaries;
  readonly warn: (line: string) => void;
}

/** The number of binaries to look up at the same time. Each tool keeps about one CPU busy. */
const MAX_PARALLEL_LOOKUPS = 4;

/** Looks up the locations of a profile in the binaries that its mappings name. */
export async function symbolizeLocally(
  profile: Profile,
  lookups: Lookups,
  search: LocalSearch,
): Promise<Profile> {
  const { wanted } = lookups;
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < wanted.length) {
      const index = next++;
      results[index] = await lookUp(profile, wanted[index], search);
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL_LOOKUPS }, work));
  warnOfFailures(lookups, results, search.warn);
  return addSymbols(
    profile,
    results.map(({ found }) => found),
  );
}

interface Result {
  readonly found: FoundSymbols;
  readonly warnings: readonly string[];
  readonly isMissing: boolean;
}

/** Warns in pprof's words, if it has any, because scripts may search for them. */
function warnOfFailures(
  { lacksMainName, lacksName }: Lookups,
  results: Result[],
  warn: (line: string) => void,
) {
  if (lacksMainName) warn("Main binary filename not available.");
  for (const { warnings } of results) warnings.forEach(warn);
  if (lacksName || results.some(({ isMissing }) => isMissing)) {
    warn("Some binary filenames not available. Symbolization may be incomplete.");
    warn("Try setting PPROF_BINARY_PATH to the search path for local binaries.");
  }
}

async function lookUp(
  profile: Profile,
  { mapping, locations, lacksLines }: MappedLocations,
  search: LocalSearch,
): Promise<Result> {
  const file = profile.strings.get(profile.mappings.file[mapping]);
  const buildId = profile.strings.get(profile.mappings.buildId[mapping]);
  const frames: Frames = [];
  const found = { mapping, locations, frames };
  const failed = (reason: string, isMissing: boolean): Result => {
    const name = `${path.basename(file)}${buildId === "" ? "" : ` (build ID ${buildId})`}`;
    // If all locations have lines already, the failure does not matter.
    const matters = lacksLines || search.force;
    const warning = `Local symbolization failed for ${name}: ${reason}`;
    return {
      found,
      warnings: matters ? [warning] : [],
      isMissing: isMissing && matters,
    };
  };

  let binary: Binary;
  try {
    binary = openMappedBinary(profile, mapping, search.known);
  } catch (error) {
    return failed(describeOpening(file, error), true);
  }
  if (buildId !== "" && binary.buildId !== "" && buildId !== binary.buildId) {
    return failed("build ID mismatch", false);
  }
  const addresses = locations.map((location) => uint64At(profile.locations.address, location));
  try {
    const base = binary.baseFor(addresses[0]);
    const inFile = addresses.map((address) => BigInt.asUintN(64, address - base));
    await askTools(binary.path, inFile, frames, search);
  } catch (error) {
    if (!(error instanceof BinaryError)) throw error;
    return failed(error.message, false);
  }
  return { found, warnings: [], isMissing: false };
}

/** Returns in one line why a binary could not be opened. */
export function describeOpening(file: string, error: unknown): string {
  if (error instanceof BinaryError) return error.message;
  return `stat ${file}: ${goReason(error)}`;
}

/** Looks up addresses of a file with the best available tool, and stores the result in `frames`. */
export async function askTools(
  file: string,
  addresses: readonly bigint[],
  frames: Frames,
  search: Pick<LocalSearch, "tools" | "fast" | "known">,
): Promise<void> {
  await askBestTool(file, addresses, frames, search);
  for (const stack of frames) for (const frame of stack ?? []) search.known.addSource(frame.file);
}

async function askBestTool(
  file: string,
  addresses: readonly bigint[],
  frames: Frames,
  { tools, fast }: Pick<LocalSearch, "tools" | "fast">,
): Promise<void> {
  const isConfigured = tools.configured("llvm-symbolizer")[0] ?? tools.configured("addr2line")[0];
  const llvmSymbolizer = tools.find("llvm-symbolizer");
  const addr2line = tools.find("addr2line");
  const nm = tools.find("nm");
  if (fast || isConfigured === undefined) {
    if (!nm)
      throw new BinaryError(
        "nm not found; install binutils or LLVM, or name its folder with -tools",
      );
    const symbols = await readSymbols(nm, file);
    addresses.forEach((address, i) => {
      const name = symbols.nameAt(address);
      if (name !== undefined) frames[i] = [{ ...UNKNOWN, name }];
    });
  } else if (llvmSymbolizer) {
    await askLlvmSymbolizer(llvmSymbolizer, file, addresses, frames);
  } else if (addr2line) {
    const symbols = nm ? readSymbols(nm, file).catch(withoutSymbols) : undefined;
    try {
      await askAddr2line(addr2line, file, addresses, frames);
    } finally {
      const table = await symbols;
      if (table) preferLongerNames(addresses, frames, table);
    }
  }
}

const UNKNOWN: Frame = { name: "", file: "", line: 0, column: 0, startLine: 0 };

function withoutSymbols(error: unknown): undefined {
  if (!(error instanceof BinaryError)) throw error;
}

/**
 * Replaces the name of the outermost function with nm's name if that is longer, as addr2line leaves
 * out parts of some names (binutils bug 17541). On macOS nm's name always has one more underscore.
 */
function preferLongerNames(
  addresses: readonly bigint[],
  frames: Frames,
  symbols: SymbolTable,
): void {
  addresses.forEach((address, i) => {
    const stack = frames[i];
    const outermost = stack?.at(-1);
    if (!stack || !outermost) return;
    const name = symbols.nameAt(address) ?? "";
    if (name.length > outermost.name.length + 1) {
      frames[i] = [...stack.slice(0, -1), { ...outermost, name }];
    }
  });
}
