import { encodeUtf8 } from "../profile/utf8.js";
import type { FoldedReport } from "../report/folded.js";

/** About how many bytes a piece has. */
const PIECE_BYTES = 1 << 18;

const SEMICOLON = 0x3b;

/**
 * Stacks as flamegraph.pl and its relatives read them, in pieces: a line a stack, root
 * first, with its value behind a blank: `main;work;leaf 42`. Comparisons have two values,
 * as difffolded.pl writes them.
 *
 * Bytes, since lines share most of their beginnings: what was written once is copied, which
 * no way of joining strings is as fast as.
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
      // The reader may still have the last one.
      piece = new Uint8Array(Math.max(PIECE_BYTES, length));
      used = 0;
    }
    piece.set(path.bytes.subarray(0, path.length), used);
    used += path.length;
    // Digits are one byte each.
    for (let i = 0; i < end.length; i++) piece[used++] = end.charCodeAt(i);
  }
  if (used > 0) yield piece.subarray(0, used);
}

/** The names of a stack with `;` between them, of which the next stack keeps what it shares. */
class Path {
  bytes = new Uint8Array(1 << 12);
  length = 0;
  readonly #names: readonly Uint8Array[];
  #frames: Uint32Array = new Uint32Array(0);
  /** By depth: where the name of that depth ends. */
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
    // Names are short: a loop is faster than a copy.
    for (let i = 0; i < name.length; i++) bytes[length++] = name[i];
    this.length = length;
  }
}
