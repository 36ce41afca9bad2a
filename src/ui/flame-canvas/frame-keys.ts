import { NONE, type Scene } from "./scene.js";

/** The key of a name is two hashes of 32 and 20 bits. */
const LOW_BITS = 2 ** 20;

/**
 * The keys of the frames of a scene: short hashes of the names from the root to the frame. The same
 * path has the same key in all graphs, so keys stay valid while filters keep the path.
 */
export class FrameKeys {
  readonly #scene: Scene;
  /** By function: the hashes of its name. */
  readonly #high: Int32Array;
  readonly #low: Int32Array;

  constructor(scene: Scene) {
    this.#scene = scene;
    const { functions } = scene.page;
    this.#high = Int32Array.from(functions, ({ name }) => hash(name, 0x811c9dc5));
    this.#low = Int32Array.from(functions, ({ name }) => hash(name, 0x3c6ef372));
  }

  /** Returns the key of a frame; empty for the root. */
  keyOf(frame: number): string {
    const scene = this.#scene;
    const path: number[] = [];
    for (let at = frame; at !== scene.root && at !== NONE; at = scene.parentOf(at)) path.push(at);
    if (path.length === 0) return "";
    let [high, low] = [0, 0];
    for (const at of path.reverse()) [high, low] = this.#next(high, low, at);
    return numberOf(high, low).toString(36);
  }

  /** Returns the frame with a key, or {@link NONE}. */
  frameOf(key: string): number {
    const scene = this.#scene;
    if (key === "") return scene.root;
    const wanted = Number.parseInt(key, 36);
    const rootBox = scene.boxOf(scene.root);
    const { length } = scene.tree;
    const highs = new Int32Array(length);
    const lows = new Int32Array(length);
    // Callers have lower numbers than their callees.
    for (let frame = 0; frame < length; frame++) {
      if (scene.boxOf(frame) === NONE || scene.boxOf(frame) === rootBox) continue;
      const parent = scene.parentOf(frame);
      const isFirst = parent === scene.root;
      const [high, low] = this.#next(
        isFirst ? 0 : highs[parent],
        isFirst ? 0 : lows[parent],
        frame,
      );
      highs[frame] = high;
      lows[frame] = low;
      if (numberOf(high, low) === wanted) return frame;
    }
    return NONE;
  }

  /** Returns the hashes of a frame from those of its parent. */
  #next(high: number, low: number, frame: number): [high: number, low: number] {
    const scene = this.#scene;
    const fn = scene.tree.functions[frame];
    const side = scene.isCaller(frame) ? 1 : 0;
    return [
      Math.imul(high ^ this.#high[fn], 0x01000193) + side,
      Math.imul(low ^ this.#low[fn], 0x5bd1e995) + side,
    ].map((part) => part ^ (part >>> 15)) as [number, number];
  }
}

function numberOf(high: number, low: number): number {
  return (high >>> 0) * LOW_BITS + ((low >>> 0) % LOW_BITS);
}

function hash(text: string, start: number): number {
  let sum = start;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum ^ (sum >>> 13);
}
