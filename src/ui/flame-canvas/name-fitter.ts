import { fullName, shortName } from "../../render/flame/short-name.js";

interface Known {
  readonly full: string;
  readonly width: number;
  /** Shortened texts and their widths, by the number of letters allowed. */
  readonly shorter: Map<number, { readonly text: string; readonly width: number }>;
}

/** The cache is cleared when it holds this many names. */
const MAX_CACHED_NAMES = 20_000;

/** Shortens names to fit into boxes, and caches their measured widths. */
export class NameFitter {
  readonly #measure: (text: string) => number;
  readonly #known = new Map<string, Known>();

  constructor(measure: (text: string) => number) {
    this.#measure = measure;
  }

  /** Returns as much of a name as fits into a width; empty if almost nothing fits. */
  fit(name: string, width: number): string {
    const known = this.#knownOf(name);
    if (known.width <= width) return known.full;
    const letterWidth = known.width / known.full.length;
    // Letters differ in width, so the shortened text may still be too wide.
    for (let room = Math.floor(width / letterWidth) + 1; room >= 3; room--) {
      let shorter = known.shorter.get(room);
      if (!shorter) {
        const text = shortName(known.full, room);
        shorter = { text, width: this.#measure(text) };
        known.shorter.set(room, shorter);
      }
      if (shorter.width <= width) return shorter.text;
    }
    return "";
  }

  widthOf(text: string): number {
    return this.#knownOf(text).width;
  }

  /** Returns the text if all of it fits, or an empty string. */
  fitAll(text: string, width: number): string {
    return this.#knownOf(text).width <= width ? text : "";
  }

  #knownOf(name: string): Known {
    let known = this.#known.get(name);
    if (!known) {
      if (this.#known.size >= MAX_CACHED_NAMES) this.#known.clear();
      const full = fullName(name);
      known = { full, width: this.#measure(full), shorter: new Map() };
      this.#known.set(name, known);
    }
    return known;
  }
}
