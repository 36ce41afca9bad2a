/**
 * Tells of the first source map that cannot be used, and in the end of how many more there are:
 * packages name maps that they come without by the dozen.
 */
export class UnusedMaps {
  readonly #warn: (line: string) => void;
  /** A profile may be read twice, and its maps with it. */
  readonly #lines = new Set<string>();

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  /** Takes the line about a map. */
  readonly add = (line: string): void => {
    if (this.#lines.size === 0) this.#warn(line);
    this.#lines.add(line);
  };

  /** To be called when all maps were looked for. */
  end(): void {
    const others = this.#lines.size - 1;
    if (others === 1) this.#warn("1 more source map is not used");
    if (others > 1) this.#warn(`${others} more source maps are not used`);
  }
}
