/** The state of {@link KnownBinaries}, as data to send to another process. */
export interface KnownBinariesState {
  /** The names of binaries, each with its kernel symbol, which may be empty. */
  readonly kernelSymbols: readonly (readonly [string, string])[];
  readonly sources: readonly string[];
}

/**
 * The binaries that the user gave, or that were found in the user's folders. Names of other
 * binaries come from profiles, and must not be trusted.
 */
export class KnownBinaries {
  /** By name; the symbol is the start of a kernel's mapping, and empty for other binaries. */
  readonly #kernelSymbols: Map<string, string>;
  readonly #sources: Set<string>;

  /** `known` is the state of another instance, perhaps in another process. */
  constructor(known: KnownBinariesState = { kernelSymbols: [], sources: [] }) {
    this.#kernelSymbols = new Map(known.kernelSymbols);
    this.#sources = new Set(known.sources);
  }

  get state(): KnownBinariesState {
    return { kernelSymbols: [...this.#kernelSymbols], sources: [...this.#sources] };
  }

  /**
   * The source files that debug information names. Unlike a profile's names, they are trusted.
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

  /** Adds the binary that a profile calls `nameInProfile`. */
  add(file: string, nameInProfile: string): void {
    this.#kernelSymbols.set(file, this.kernelSymbol(nameInProfile));
  }

  /** Returns the symbol at the start of a kernel's mapping; empty for other binaries. */
  kernelSymbol(file: string): string {
    return this.#kernelSymbols.get(file) ?? kernelSymbolOf(file);
  }
}

/** The start of the name of a kernel's mapping; a symbol's name follows. */
const KERNEL_PREFIX = "[kernel.kallsyms]";

function kernelSymbolOf(nameInProfile: string): string {
  return nameInProfile.startsWith(KERNEL_PREFIX) ? nameInProfile.slice(KERNEL_PREFIX.length) : "";
}
