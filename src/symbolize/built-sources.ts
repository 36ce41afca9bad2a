import { readFileSync, statSync } from "node:fs";
import type { KnownBinaries } from "./known-binaries.js";

/** Larger binaries are not searched for names of sources: they are read as a whole. */
const MAX_BINARY_BYTES = 512 * 2 ** 20;

/**
 * The source files that binaries of this machine were built from. Names come from debug
 * information that was looked up, and from the binaries that the user gave: these hold the paths
 * of their sources, at least if Go built them.
 */
export class BuiltSources {
  readonly #known: KnownBinaries;
  #contents: readonly Buffer[] | undefined;

  constructor(known: KnownBinaries) {
    this.#known = known;
  }

  has(file: string): boolean {
    if (this.#known.sources.has(file)) return true;
    this.#contents ??= [...this.#known.files].flatMap((name) => contentOf(name) ?? []);
    const name = Buffer.from(file);
    return this.#contents.some((content) => content.includes(name));
  }
}

function contentOf(name: string): Buffer | undefined {
  try {
    const stats = statSync(name);
    return stats.isFile() && stats.size <= MAX_BINARY_BYTES ? readFileSync(name) : undefined;
  } catch {
    // It is gone, or not readable: it names no sources then.
    return undefined;
  }
}
