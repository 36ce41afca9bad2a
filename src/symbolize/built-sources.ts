import { readFileSync, statSync } from "node:fs";
import type { KnownBinaries } from "./known-binaries.js";

/** Larger binaries are not searched, as they have to be read into memory. */
const MAX_BINARY_BYTES = 512 * 2 ** 20;

/**
 * The source files that this machine's binaries were built from. Their names come from debug
 * information that tools have looked up, and from the paths that Go puts into binaries.
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
    // The binary was removed, or is not readable.
    return undefined;
  }
}
