/**
 * The names of binaries that the user gave or that were found where the user keeps them;
 * all other names are a profile's word.
 */
export class KnownBinaries {
  /** By name: the symbol that the mapping starts at, if it is a kernel's. */
  readonly #kernelSymbols: Map<string, string>;

  /** `entries` are those of another instance, which may be in another process. */
  constructor(entries: Iterable<readonly [string, string]> = []) {
    this.#kernelSymbols = new Map(entries);
  }

  /** All names, each with its kernel symbol (empty where there is none). */
  entries(): [string, string][] {
    return [...this.#kernelSymbols];
  }

  has(file: string): boolean {
    return this.#kernelSymbols.has(file);
  }

  /** Takes the name of the binary that a profile calls `named`. */
  add(file: string, named: string): void {
    this.#kernelSymbols.set(file, this.kernelSymbol(named));
  }

  /** The symbol that the mapping of a file starts at, where the profile's name for it says so. */
  kernelSymbol(file: string): string {
    return this.#kernelSymbols.get(file) ?? kernelSymbolOf(file);
  }
}

/** What the name of a kernel's mapping begins with; the rest is that of a symbol. */
const KERNEL = "[kernel.kallsyms]";

function kernelSymbolOf(named: string): string {
  return named.startsWith(KERNEL) ? named.slice(KERNEL.length) : "";
}
