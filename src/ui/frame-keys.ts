import type { FlameReport } from "../report/flame.js";

/** The part of a report that keys depend on. */
type Frames = Pick<FlameReport, "functions"> & {
  readonly tree: Pick<FlameReport["tree"], "length" | "functions" | "callers">;
};

/**
 * The keys of all frames. A key is a hash of the names from the root to the frame, so it stays
 * valid under filters as long as the path exists.
 */
export class FrameKeys {
  readonly #hashes: Float64Array;

  constructor({ functions, tree }: Frames) {
    const ofName = functions.map(({ name }) => [
      hashOf(name, 0x811c9dc5),
      hashOf(name, 0x9747b28c),
    ]);
    const high = new Uint32Array(tree.length);
    const low = new Uint32Array(tree.length);
    this.#hashes = new Float64Array(tree.length);
    for (let frame = 1; frame < tree.length; frame++) {
      const caller = tree.callers[frame];
      const [first, second] = ofName[tree.functions[frame]];
      high[frame] = mixed(high[caller], first);
      low[frame] = mixed(low[caller], second);
      // 53 bits are exact in a number.
      this.#hashes[frame] = (high[frame] >>> 11) * 2 ** 32 + low[frame];
    }
  }

  of(frame: number): string {
    return this.#hashes[frame].toString(36);
  }

  /** Returns the frame with a key, or -1. */
  find(key: string): number {
    return key === "" ? -1 : this.#hashes.indexOf(Number.parseInt(key, 36));
  }
}

function mixed(seed: number, hash: number): number {
  const product = Math.imul(seed ^ hash, 0x9e3779b1);
  return Math.imul(product ^ (product >>> 15), 0x85ebca6b) >>> 0;
}

function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
