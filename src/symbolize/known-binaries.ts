/** What is known of binaries, as data that can be sent to another process. */
export interface KnownBinariesState {
  /** Names of binaries, each with its kernel symbol (empty where there is none). */
  readonly kernelSymbols: readonly (readonly [string, string])[];
  readonly sources: readonly string[];
}

/**
 * The names of binaries that the user gave or that were found where the user keeps them;
 * all other names are a profile's word.
 */
export class KnownBinaries {
  /** By name: the symbol that the mapping starts at, if it is a kernel's. */
  readonly #kernelSymbols: Map<string, string>;
  readonly #sources: Set<string>;

  /** `known` is the state of another instance, which may be in another process. */
  constructor(known: KnownBinariesState = { kernelSymbols: [], sources: [] }) {
    this.#kernelSymbols = new Map(known.kernelSymbols);
    this.#sources = new Set(known.sources);
  }

  get state(): KnownBinariesState {
    return { kernelSymbols: [...this.#kernelSymbols], sources: [...this.#sources] };
  }

  /**
   * The source files that the debug information of binaries on this machine names. Unlike the
   * names in a profile, these were recorded when the binaries were built.
   */
  get sources(): ReadonlySet<string> {
    return this.#sources;
  }

  addSource(file: string): void {
    this.#sources.add(file);
  }

  /** The names of all binaries. */
  get files(): Iterable<string> {
    return this.#kernelSymbols.keys();
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
