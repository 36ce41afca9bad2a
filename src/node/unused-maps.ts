/**
 * Tells of the first source map that cannot be used, and in the end of how many more there are:
 * packages name maps that they come without by the dozen.
 */
export class UnusedMaps {
  readonly #warn: (line: string) => void;
  #count = 0;

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  /** Takes the line about a map. */
  readonly add = (line: string): void => {
    this.#count++;
    if (this.#count === 1) this.#warn(line);
  };

  /** To be called when all maps were looked for. */
  end(): void {
    const others = this.#count - 1;
    if (others === 1) this.#warn("1 more source map is not used");
    if (others > 1) this.#warn(`${others} more source maps are not used`);
  }
}
