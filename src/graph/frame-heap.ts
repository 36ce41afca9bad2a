/** A priority queue of frames: the heaviest first, equal weights in the order of their numbers. */
export class FrameHeap {
  readonly #frames: number[] = [];
  readonly #weights: number[] = [];

  get length(): number {
    return this.#frames.length;
  }

  push(frame: number, weight: number): void {
    let at = this.#frames.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(frame, weight, above)) break;
      this.#move(above, at);
      at = above;
    }
    this.#frames[at] = frame;
    this.#weights[at] = weight;
  }

  pop(): number {
    const first = this.#frames[0];
    const frame = this.#frames.pop() as number;
    const weight = this.#weights.pop() as number;
    const length = this.#frames.length;
    if (length === 0) return first;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= length) break;
      const other = below + 1;
      if (other < length && this.#isBefore(this.#frames[other], this.#weights[other], below)) {
        below = other;
      }
      if (this.#isBefore(frame, weight, below)) break;
      this.#move(below, at);
      at = below;
    }
    this.#frames[at] = frame;
    this.#weights[at] = weight;
    return first;
  }

  #isBefore(frame: number, weight: number, slot: number): boolean {
    return (
      weight > this.#weights[slot] || (weight === this.#weights[slot] && frame < this.#frames[slot])
    );
  }

  #move(from: number, to: number): void {
    this.#frames[to] = this.#frames[from];
    this.#weights[to] = this.#weights[from];
  }
}
