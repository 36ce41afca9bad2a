/** Warns about the first unusable source map, and counts the others: packages may lack dozens. */
export class UnusedMaps {
  readonly #warn: (line: string) => void;
  /** A profile may be read twice, and its maps with it. */
  readonly #lines = new Set<string>();

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  /** Adds the warning about a map. */
  readonly add = (line: string): void => {
    if (this.#lines.size === 0) this.#warn(line);
    this.#lines.add(line);
  };

  /** Reports the number of other maps. Call it after all maps were read. */
  end(): void {
    const others = this.#lines.size - 1;
    if (others === 1) this.#warn("1 more source map is not used");
    if (others > 1) this.#warn(`${others} more source maps are not used`);
  }
}
