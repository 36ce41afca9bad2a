import { fullName, shortName } from "../../render/flame/short-name.js";

interface Known {
  readonly full: string;
  readonly width: number;
  /** By how many letters there is room for: what is shown, and its width. */
  readonly shorter: Map<number, { readonly text: string; readonly width: number }>;
}

/** Names of which all is forgotten, when there are more. */
const MOST_NAMES = 20_000;

/** Fits names into boxes; what was measured once is remembered. */
export class NameFitter {
  readonly #measure: (text: string) => number;
  readonly #known = new Map<string, Known>();

  constructor(measure: (text: string) => number) {
    this.#measure = measure;
  }

  /** The most of a name that is at most so wide; empty where there is room for next to nothing. */
  fit(name: string, width: number): string {
    const known = this.#knownOf(name);
    if (known.width <= width) return known.full;
    const letterWidth = known.width / known.full.length;
    // Letters are not equally wide: what was left may be too wide all the same.
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

  /** All of a text, or nothing where there is no room for it. */
  fitAll(text: string, width: number): string {
    return this.#knownOf(text).width <= width ? text : "";
  }

  #knownOf(name: string): Known {
    let known = this.#known.get(name);
    if (!known) {
      if (this.#known.size >= MOST_NAMES) this.#known.clear();
      const full = fullName(name);
      known = { full, width: this.#measure(full), shorter: new Map() };
      this.#known.set(name, known);
    }
    return known;
  }
}
