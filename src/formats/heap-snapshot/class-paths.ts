import { type Budget, MAP_ENTRY_BYTES } from "../../profile/budget.js";
import { Uint32Builder } from "../../profile/columns.js";

/** The path without classes. */
export const NO_PATH = 0;

/** The memory of a path, and of an extension of a path, in bytes. */
const PATH_BYTES = 48;
const EXTENSION_BYTES = MAP_ENTRY_BYTES;

/** There are fewer classes and paths. A path and a class together are a safe integer. */
const MAX_CLASSES = 2 ** 26;

/** The length of the longest sequence of classes whose repetitions are left out. */
const MAX_PERIOD = 8;

/** The depth beyond which a path loses classes that it also has elsewhere. */
const MAX_DEPTH = 120;

/**
 * Paths of classes from the root of the dominator tree, which form a tree. A linked list of a
 * million nodes has a million nodes on its path, so paths are shortened. A shortened path has the
 * same last class and the same set of classes, so that flat and cum values stay exact:
 *
 * - A class that follows itself is left out: `Node → Node` is `Node`.
 * - A sequence of up to {@link MAX_PERIOD} classes occurs at most twice in a row.
 * - Beyond {@link MAX_DEPTH} classes, the last class is replaced if it occurs elsewhere in the path.
 */
export class ClassPaths {
  readonly #budget: Budget;
  readonly #parents = new Uint32Builder();
  readonly #classes = new Uint32Builder();
  readonly #depths = new Uint32Builder();
  readonly #extensions = new Map<number, number>();
  readonly #ending = new Uint32Array(3 * MAX_PERIOD);

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#push(NO_PATH, 0, 0);
  }

  get length(): number {
    return this.#parents.length;
  }

  depth(path: number): number {
    return this.#depths.at(path);
  }

  parent(path: number): number {
    return this.#parents.at(path);
  }

  /** Returns the last class of a path. */
  lastClass(path: number): number {
    return this.#classes.at(path);
  }

  /** Returns the path `path` extended by a class, shortened. */
  extend(path: number, cls: number): number {
    const key = path * MAX_CLASSES + cls;
    let extended = this.#extensions.get(key);
    if (extended === undefined) {
      this.#budget.charge(
        cls < MAX_CLASSES && this.length < MAX_CLASSES ? EXTENSION_BYTES : Number.POSITIVE_INFINITY,
      );
      extended = this.#shortened(path, cls);
      this.#extensions.set(key, extended);
    }
    return extended;
  }

  #shortened(path: number, cls: number): number {
    let base = path;
    while (this.depth(base) >= MAX_DEPTH && this.#lastOccursBefore(base)) base = this.parent(base);
    if (base !== path) return this.extend(base, cls);
    if (base !== NO_PATH && this.lastClass(base) === cls) return base;
    const period = this.#repeatedPeriod(base, cls);
    if (period === 0) return this.#push(base, cls, this.depth(base) + 1);
    for (let i = 1; i < period; i++) base = this.parent(base);
    return base;
  }

  /** Returns the length of the sequence that `path` and `cls` end with three times; 0 if none. */
  #repeatedPeriod(path: number, cls: number): number {
    const ending = this.#ending;
    ending[0] = cls;
    let length = 1;
    for (let at = path; at !== NO_PATH && length < ending.length; at = this.parent(at)) {
      ending[length++] = this.lastClass(at);
    }
    for (let period = 2; period * 3 <= length; period++) {
      let equal = 0;
      while (equal < period * 2 && ending[equal] === ending[equal + period]) equal++;
      if (equal === period * 2) return period;
    }
    return 0;
  }

  #lastOccursBefore(path: number): boolean {
    const last = this.lastClass(path);
    for (let at = this.parent(path); at !== NO_PATH; at = this.parent(at)) {
      if (this.lastClass(at) === last) return true;
    }
    return false;
  }

  #push(parent: number, cls: number, depth: number): number {
    this.#budget.charge(PATH_BYTES);
    this.#parents.push(parent);
    this.#classes.push(cls);
    this.#depths.push(depth);
    return this.length - 1;
  }
}
