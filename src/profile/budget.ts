import { tooLarge } from "./errors.js";

/** The approximate size of a map entry without the text of its key, in bytes. */
export const MAP_ENTRY_BYTES = 64;

/**
 * Limits the memory that reading one input uses. Readers charge data before they build it,
 * temporary data too: a few bytes of input can ask for gigabytes.
 */
export class Budget {
  #used = 0;

  /** `limit` is in bytes; without it nothing is refused. */
  constructor(readonly limit = Number.POSITIVE_INFINITY) {}

  /** Charges `bytes`. Throws the error of {@link tooLarge} if the total exceeds the limit. */
  charge(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.limit) throw tooLarge(this.limit);
  }

  /** Charges a text that is kept, and a map entry with the text as its key. */
  chargeText(text: string): void {
    this.charge(MAP_ENTRY_BYTES + text.length * BYTES_PER_CHARACTER);
  }
}

/** Engines use two bytes per character for texts with a character beyond Latin-1. */
export const BYTES_PER_CHARACTER = 2;
