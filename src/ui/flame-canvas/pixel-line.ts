/** One line of pixels, filled from left to right. */
export class PixelLine {
  readonly #pixels: Uint32Array;
  readonly width: number;
  readonly #background: number;
  readonly #bytes: readonly [number, number, number];
  #base = 0;
  /** The pixel being blended: its covered part, and the sums of its colours. */
  #column = -1;
  #covered = 0;
  #a = 0;
  #b = 0;
  #c = 0;

  constructor(pixels: Uint32Array, width: number, background: number) {
    this.#pixels = pixels;
    this.width = width;
    this.#background = background;
    this.#bytes = [background & 255, (background >>> 8) & 255, (background >>> 16) & 255];
  }

  begin(row: number): void {
    this.#base = row * this.width;
    this.#pixels.fill(this.#background, this.#base, this.#base + this.width);
    this.#column = -1;
  }

  finish(): void {
    this.#flush();
  }

  /** Fills whole pixels from `first` to `end`, and leaves a gap from there to `last`. */
  fill(first: number, last: number, end: number, color: number): void {
    this.#flush();
    this.#pixels.fill(color, this.#base + first, this.#base + end);
    if (end < last) this.#pixels.fill(this.#background, this.#base + end, this.#base + last);
  }

  /** Adds a colour to parts of pixels. */
  blend(from: number, to: number, color: number): void {
    for (let column = Math.floor(from); column < to && column < this.width; column++) {
      const part = Math.min(to, column + 1) - Math.max(from, column);
      if (column !== this.#column) {
        this.#flush();
        this.#column = column;
      }
      this.#covered += part;
      this.#a += part * (color & 255);
      this.#b += part * ((color >>> 8) & 255);
      this.#c += part * ((color >>> 16) & 255);
    }
  }

  /** Adds a part of a pixel whose colours are already summed up, weighted by their parts. */
  blendSum(column: number, covered: number, red: number, green: number, blue: number): void {
    if (column !== this.#column) {
      this.#flush();
      this.#column = column;
    }
    this.#covered += covered;
    this.#a += red;
    this.#b += green;
    this.#c += blue;
  }

  #flush(): void {
    if (this.#column < 0) return;
    const rest = Math.max(0, 1 - this.#covered);
    const scale = this.#covered > 1 ? 1 / this.#covered : 1;
    const [a, b, c] = this.#bytes;
    // Bytes in memory order (little-endian); the last one is the opacity.
    this.#pixels[this.#base + this.#column] =
      (Math.round(this.#a * scale + rest * a) |
        (Math.round(this.#b * scale + rest * b) << 8) |
        (Math.round(this.#c * scale + rest * c) << 16) |
        0xff000000) >>>
      0;
    this.#column = -1;
    this.#covered = 0;
    this.#a = 0;
    this.#b = 0;
    this.#c = 0;
  }
}
