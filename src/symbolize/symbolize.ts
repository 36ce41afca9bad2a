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
import { askAddr2line } from "./addr2line.js";
import type { Binary } from "./binary.js";
import { BinaryError } from "./binary-error.js";
import type { Frames } from "./frames.js";
import type { KnownBinaries } from "./known-binaries.js";
import { askLlvmSymbolizer } from "./llvm-symbolizer.js";
import { openMappedBinary } from "./mapped-binary.js";
import { readSymbols, type SymbolTable } from "./nm.js";
import type { Tools } from "./tools.js";

/** How symbols are looked for. */
export interface LocalSearch {
  readonly tools: Tools;
  /** Names of functions only, which is faster. */
  readonly fast: boolean;
  /** Look up also what has names. */
  readonly force: boolean;
  readonly known: KnownBinaries;
  readonly warn: (line: string) => void;
}

/** So many binaries are looked into at once; the tools take most of a processor each. */
const AT_ONCE = 4;

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
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  tell(lookups, results, search.warn);
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

/** In pprof's words, where it has any: scripts may look for them. */
function tell(
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
    // Of locations that have lines nothing is missing.
    const isWorthTelling = lacksLines || search.force;
    const warning = `Local symbolization failed for ${name}: ${reason}`;
    return {
      found,
      warnings: isWorthTelling ? [warning] : [],
      isMissing: isMissing && isWorthTelling,
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

/** Why a binary is not read, in a line. */
export function describeOpening(file: string, error: unknown): string {
  if (error instanceof BinaryError) return error.message;
  return `stat ${file}: ${goReason(error)}`;
}

/** Puts what the best of the tools knows of addresses of a file into `frames`. */
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
      throw new BinaryError("there is no nm; install binutils or LLVM, or say where with -tools");
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
 * addr2line leaves parts of some names out (binutils bug 17541): the outermost function gets
 * the name that nm has for it where that is longer by more than the underscore of macOS.
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
