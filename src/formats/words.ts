import type { Uint64 } from "../profile/profile-builder.js";
import { uint64FromHalves } from "./numbers.js";

/** The layout of the numbers in a binary profile, which depends on the machine that wrote it. */
export interface WordLayout {
  readonly bytes: 4 | 8;
  readonly littleEndian: boolean;
}

const LAYOUTS: readonly WordLayout[] = [
  { bytes: 4, littleEndian: true },
  { bytes: 4, littleEndian: false },
  { bytes: 8, littleEndian: true },
  { bytes: 8, littleEndian: false },
];

/** Reads a sequence of unsigned words of 4 or 8 bytes. */
export class WordReader {
  readonly #view: DataView;
  readonly #layout: WordLayout;
  pos = 0;
  /** Whether a word was requested beyond the end; it was read as 0. */
  isCutOff = false;

  constructor(bytes: Uint8Array, layout: WordLayout) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#layout = layout;
  }

  get left(): number {
    return this.isCutOff ? 0 : this.#view.byteLength - this.pos;
  }

  next(): Uint64 {
    const { bytes, littleEndian } = this.#layout;
    if (this.left < bytes) {
      this.isCutOff = true;
      return 0;
    }
    const { pos } = this;
    this.pos += bytes;
    const first = this.#view.getUint32(pos, littleEndian);
    if (bytes === 4) return first;
    const second = this.#view.getUint32(pos + 4, littleEndian);
    return littleEndian ? uint64FromHalves(first, second) : uint64FromHalves(second, first);
  }
}

/** The language of the profiled program: the third word of the header. */
export const NATIVE = 0;
export const JAVA = 1;

export interface CpuHeader {
  /** A reader at the end of the header. */
  readonly words: WordReader;
  readonly language: typeof NATIVE | typeof JAVA;
  /** Microseconds between two samples. */
  readonly period: Uint64;
}

/** The second word of the header: the number of header words after it. */
const HEADER_WORDS = 3;

/** Reads the header of a CPU profile: 0, 3, language, period, 0, in any layout of words. */
export function readCpuHeader(bytes: Uint8Array): CpuHeader | undefined {
  for (const layout of LAYOUTS) {
    const words = new WordReader(bytes, layout);
    const zero = words.next();
    const count = words.next();
    const language = words.next();
    const period = words.next();
    const padding = words.next();
    if (words.isCutOff || zero !== 0 || count !== HEADER_WORDS || padding !== 0) continue;
    if ((language === NATIVE || language === JAVA) && period > 0) {
      return { words, language, period };
    }
  }
  return undefined;
}
