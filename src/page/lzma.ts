/*
 * A decoder of LZMA, because browsers decompress only gzip and the scripts of a page are a quarter
 * smaller in LZMA. The format is described in the LZMA specification of the LZMA SDK by Igor Pavlov.
 * Names follow it. The build compresses (scripts/page-archive.mjs).
 */

/** The header of a `.lzma` file: properties, dictionary size (32 bits), and length (64 bits). */
const HEADER_LENGTH = 13;

const STATES = 12;
const MAX_POSITION_STATES = 16;
const LENGTH_STATES = 4;
const MIN_MATCH_LENGTH = 2;

const PROBABILITY_BITS = 11;
const INITIAL_PROBABILITY = (1 << PROBABILITY_BITS) >>> 1;
/** The rate at which probabilities adapt: larger numbers mean slower. */
const ADAPTATION_SHIFT = 5;
const TOP_VALUE = 2 ** 24;

const ALIGN_BITS = 4;
const FIRST_ALIGNED_SLOT = 14;
const FIRST_CODED_SLOT = 4;
/** The number of distances whose bits have probabilities of their own. */
const CODED_DISTANCES = 2 ** (FIRST_ALIGNED_SLOT / 2);

const probabilities = (count: number) => new Uint16Array(count).fill(INITIAL_PROBABILITY);

const DAMAGED = "damaged LZMA data";

/**
 * Returns the content of a `.lzma` file that records its length. Throws an Error if the data are
 * damaged, or longer than `maxLength` bytes.
 */
export function decodeLzma(file: Uint8Array, maxLength: number): Uint8Array<ArrayBuffer> {
  if (file.length < HEADER_LENGTH + 5) throw new Error(DAMAGED);
  const header = new DataView(file.buffer, file.byteOffset, HEADER_LENGTH);
  const length = Number(header.getBigUint64(5, true));
  // Files whose length is unknown record -1.
  if (length > maxLength) throw new Error(DAMAGED);
  const decoder = new Decoder(file, header.getUint8(0));
  return decoder.decode(new Uint8Array(length));
}

class Decoder {
  readonly #input: Uint8Array;
  #at = HEADER_LENGTH + 1;
  #range = 0xffffffff;
  #code = 0;

  readonly #literalContextBits: number;
  readonly #literalPositionMask: number;
  readonly #positionMask: number;
  readonly #literals: Uint16Array;
  readonly #isMatch = probabilities(STATES * MAX_POSITION_STATES);
  readonly #isRep = probabilities(STATES);
  readonly #isRepG0 = probabilities(STATES);
  readonly #isRepG1 = probabilities(STATES);
  readonly #isRepG2 = probabilities(STATES);
  readonly #isRep0Long = probabilities(STATES * MAX_POSITION_STATES);
  readonly #slots = probabilities(LENGTH_STATES << 6);
  readonly #distances = probabilities(1 + CODED_DISTANCES - (FIRST_ALIGNED_SLOT >> 1));
  readonly #align = probabilities(1 << ALIGN_BITS);
  readonly #matchLength = new LengthTrees();
  readonly #repLength = new LengthTrees();

  constructor(input: Uint8Array, properties: number) {
    this.#input = input;
    if (properties >= 9 * 5 * 5) throw new Error(DAMAGED);
    const rest = Math.floor(properties / 9);
    this.#literalContextBits = properties % 9;
    this.#literalPositionMask = (1 << (rest % 5)) - 1;
    this.#positionMask = (1 << Math.floor(rest / 5)) - 1;
    const contexts = (this.#literalPositionMask + 1) << this.#literalContextBits;
    this.#literals = probabilities(0x300 * contexts);
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#nextByte()) >>> 0;
  }

  decode(output: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let state = 0;
    // The last four distances, minus 1.
    let rep0 = 0;
    let rep1 = 0;
    let rep2 = 0;
    let rep3 = 0;
    let position = 0;
    while (position < output.length) {
      const positionState = position & this.#positionMask;
      const stateAtPosition = state * MAX_POSITION_STATES + positionState;
      if (this.#bit(this.#isMatch, stateAtPosition) === 0) {
        const before = position > 0 ? output[position - 1] : 0;
        const context =
          ((position & this.#literalPositionMask) << this.#literalContextBits) +
          (before >> (8 - this.#literalContextBits));
        const match = state >= 7 ? output[position - rep0 - 1] : -1;
        output[position++] = this.#literal(0x300 * context, match);
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      let length: number;
      if (this.#bit(this.#isRep, state) === 0) {
        rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
        length = this.#length(this.#matchLength, positionState);
        state = state < 7 ? 7 : 10;
        rep0 = this.#distance(length);
        if (rep0 === 0xffffffff) throw new Error(DAMAGED);
      } else {
        if (this.#bit(this.#isRepG0, state) === 0) {
          if (this.#bit(this.#isRep0Long, stateAtPosition) === 0) {
            state = state < 7 ? 9 : 11;
            if (rep0 >= position) throw new Error(DAMAGED);
            output[position] = output[position - rep0 - 1];
            position++;
            continue;
          }
        } else {
          let distance: number;
          if (this.#bit(this.#isRepG1, state) === 0) distance = rep1;
          else {
            if (this.#bit(this.#isRepG2, state) === 0) distance = rep2;
            else {
              distance = rep3;
              rep3 = rep2;
            }
            rep2 = rep1;
          }
          rep1 = rep0;
          rep0 = distance;
        }
        length = this.#length(this.#repLength, positionState);
        state = state < 7 ? 8 : 11;
      }
      length += MIN_MATCH_LENGTH;
      if (rep0 >= position || position + length > output.length) throw new Error(DAMAGED);
      for (const end = position + length; position < end; position++) {
        output[position] = output[position - rep0 - 1];
      }
    }
    return output;
  }

  #nextByte(): number {
    // The decoder reads up to four bytes more than it needs only if the data are damaged.
    if (this.#at >= this.#input.length) throw new Error(DAMAGED);
    return this.#input[this.#at++];
  }

  /** Decodes a bit with the probability at `index`, and adapts the probability. */
  #bit(table: Uint16Array, index: number): 0 | 1 {
    const probability = table[index];
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    let bit: 0 | 1;
    if (this.#code < bound) {
      this.#range = bound;
      table[index] = probability + (((1 << PROBABILITY_BITS) - probability) >>> ADAPTATION_SHIFT);
      bit = 0;
    } else {
      this.#range -= bound;
      this.#code -= bound;
      table[index] = probability - (probability >>> ADAPTATION_SHIFT);
      bit = 1;
    }
    if (this.#range < TOP_VALUE) this.#shift();
    return bit;
  }

  #shift(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#nextByte()) >>> 0;
  }

  /** Decodes bits that have no probability. */
  #directBits(count: number): number {
    let result = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      if (this.#range < TOP_VALUE) this.#shift();
      result = result * 2 + bit;
    }
    return result;
  }

  /** Decodes a number of `bits` bits, highest first. */
  #tree(table: Uint16Array, start: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.#bit(table, start + node);
    return node - (1 << bits);
  }

  /** Decodes a number of `bits` bits, lowest first. */
  #reverseTree(table: Uint16Array, start: number, bits: number): number {
    let node = 1;
    let result = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(table, start + node);
      node = (node << 1) | bit;
      result |= bit << i;
    }
    return result;
  }

  /** Decodes a byte. After a match, `match` is the byte that would have continued it, or -1. */
  #literal(start: number, match: number): number {
    let symbol = 1;
    if (match >= 0) {
      let rest = match;
      while (symbol < 0x100) {
        rest <<= 1;
        const expected = rest & 0x100;
        const bit = this.#bit(this.#literals, start + 0x100 + expected + symbol);
        symbol = (symbol << 1) | bit;
        if (expected >> 8 !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, start + symbol);
    return symbol & 0xff;
  }

  #length(trees: LengthTrees, positionState: number): number {
    const { choice } = trees;
    if (this.#bit(choice, 0) === 0) return this.#tree(trees.low, positionState << 3, 3);
    if (this.#bit(choice, 1) === 0) return 8 + this.#tree(trees.middle, positionState << 3, 3);
    return 16 + this.#tree(trees.high, 0, 8);
  }

  /** Decodes a distance minus 1; `length` is the length of the match without its minimum. */
  #distance(length: number): number {
    const lengthState = Math.min(length, LENGTH_STATES - 1);
    const slot = this.#tree(this.#slots, lengthState << 6, 6);
    if (slot < FIRST_CODED_SLOT) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < FIRST_ALIGNED_SLOT) {
      return base + this.#reverseTree(this.#distances, base - slot, bits);
    }
    const high = this.#directBits(bits - ALIGN_BITS) * 2 ** ALIGN_BITS;
    return base + high + this.#reverseTree(this.#align, 0, ALIGN_BITS);
  }
}

/** The probabilities of the lengths of matches. */
class LengthTrees {
  readonly choice = probabilities(2);
  readonly low = probabilities(MAX_POSITION_STATES << 3);
  readonly middle = probabilities(MAX_POSITION_STATES << 3);
  readonly high = probabilities(1 << 8);
}
