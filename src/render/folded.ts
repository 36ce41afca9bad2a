import { encodeUtf8 } from "../profile/utf8.js";
import type { FoldedReport } from "../report/folded.js";

const PIECE_BYTES = 1 << 18;

const SEMICOLON = 0x3b;

/**
 * Writes stacks in the format of flamegraph.pl, root first, in pieces: `main;work;leaf 42`.
 * Comparisons have two values, as in the output of difffolded.pl. The pieces are bytes, because
 * copying the common beginning of neighbouring lines is faster than joining strings.
 */
export function* renderFolded({ names, stacks }: FoldedReport): Generator<Uint8Array> {
  const path = new Path(names.map(encodeUtf8));
  let piece = new Uint8Array(PIECE_BYTES);
  let used = 0;
  for (const { frames, values } of stacks()) {
    path.set(frames);
    const end = ` ${values.join(" ")}\n`;
    const length = path.length + end.length;
    if (used + length > piece.length) {
      if (used > 0) yield piece.subarray(0, used);
      // The reader may still use the previous piece.
      piece = new Uint8Array(Math.max(PIECE_BYTES, length));
      used = 0;
    }
    piece.set(path.bytes.subarray(0, path.length), used);
    used += path.length;
    // Digits, spaces and signs are one byte each.
    for (let i = 0; i < end.length; i++) piece[used++] = end.charCodeAt(i);
  }
  if (used > 0) yield piece.subarray(0, used);
}

/** The names of a stack, separated by `;`. The next stack keeps the common beginning. */
class Path {
  bytes = new Uint8Array(1 << 12);
  length = 0;
  readonly #names: readonly Uint8Array[];
  #frames: Uint32Array = new Uint32Array(0);
  /** By depth: the end of the name at that depth. */
  #ends = new Uint32Array(1 << 6);

  constructor(names: readonly Uint8Array[]) {
    this.#names = names;
  }

  set(frames: Uint32Array): void {
    const before = this.#frames;
    let depth = 0;
    while (depth < before.length && frames[depth] === before[depth]) depth++;
    if (frames.length > this.#ends.length) {
      const ends = new Uint32Array(frames.length * 2);
      ends.set(this.#ends);
      this.#ends = ends;
    }
    this.length = depth === 0 ? 0 : this.#ends[depth - 1];
    for (; depth < frames.length; depth++) {
      this.#append(this.#names[frames[depth]], depth > 0);
      this.#ends[depth] = this.length;
    }
    this.#frames = frames;
  }

  #append(name: Uint8Array, isCalled: boolean): void {
    const needed = this.length + name.length + 1;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    const { bytes } = this;
    let { length } = this;
    if (isCalled) bytes[length++] = SEMICOLON;
    // Names are short, so a loop is faster than a copy.
    for (let i = 0; i < name.length; i++) bytes[length++] = name[i];
    this.length = length;
  }
}
