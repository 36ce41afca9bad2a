import { tooLarge } from "./errors.js";

/** About what an entry of a map takes, beside the text of its key, in bytes. */
export const MAP_ENTRY_BYTES = 64;

/**
 * The memory that reading one input may take. Readers charge everything they build before they
 * keep it: rows, texts, keys of maps, nodes, stacks. What is thrown away on the way, such as a
 * text composed of others, counts too: it costs time, and an input of a few bytes can ask for
 * gigabytes of it.
 */
export class Budget {
  #used = 0;

  /** `limit`: in bytes; without one, nothing is refused. */
  constructor(readonly limit = Number.POSITIVE_INFINITY) {}

  /** Takes `bytes` off. Throws the error of {@link tooLarge} where more than the limit is used. */
  charge(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.limit) throw tooLarge(this.limit);
  }

  /** Charges a text that is kept, and the entry of a map that it may be the key of. */
  chargeText(text: string): void {
    this.charge(MAP_ENTRY_BYTES + text.length * BYTES_PER_CHARACTER);
  }
}

/** Engines keep a text with one character beyond Latin-1 in two bytes for each. */
const BYTES_PER_CHARACTER = 2;
