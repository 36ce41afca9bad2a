import { int64At } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import { isStringLabel } from "../profile/labels.js";
import { RunInterner } from "../profile/run-interner.js";
import { StringInterner } from "../profile/strings.js";
import { compareUtf8 } from "../profile/utf8.js";
import type { Int64 } from "../units/int64.js";
import type { View } from "../view/view.js";

/** The only numeric label that graphs show. */
const NUMERIC_KEY = "bytes";

/** The tags that graphs show at nodes: sets of text labels, and numbers that occur with a set. */
export interface SampleTags {
  /** By tag: its set of text labels; 0 is the empty set. */
  readonly sets: readonly number[];
  /** By tag: its number; undefined for the tag of the set itself. */
  readonly numbers: readonly (Int64 | undefined)[];
  /** The tags of sample `s` are `rows[offsets[s], offsets[s + 1])`. A number may occur twice. */
  readonly offsets: Uint32Array;
  readonly rows: readonly number[];
  /** Returns the labels of a set as `key:text`, in byte order. */
  labels(set: number): readonly string[];
}

/** Finds the tags of the samples in `view`. Ignores labels whose key is in `hiddenKeys`. */
export function sampleTags(view: View, hiddenKeys: readonly string[]): SampleTags {
  return new TagCollector(view, hiddenKeys).collect();
}

/** The maximum number of characters of labels that are cached. */
const MAX_CACHED_CHARACTERS = 2 ** 25;

const HIDDEN = 0;
const TEXT = 1;
/** The key of numbers that are shown. Texts with this key are shown, too. */
const NUMERIC = 2;

class TagCollector implements SampleTags {
  readonly #view: View;
  readonly #hiddenKeys: readonly string[];
  readonly #interner: StringInterner;
  /** By string index: the role of labels with this key. A cache. */
  readonly #roles: (number | undefined)[] = [];
  /** The sets of labels, as pairs of key and text. The first set is empty. */
  readonly #runs = new RunInterner();
  /** By set and number (undefined for the set itself): the tag. */
  readonly #tagOf: Map<Int64 | undefined, number>[] = [];
  /** By set: its labels. A cache of limited size. */
  readonly #labels: (readonly string[])[] = [];
  #words = new Uint32Array(16);
  /** The remaining size of the cache in characters: a small file may have many long texts. */
  #remainingCache = MAX_CACHED_CHARACTERS;
  readonly sets: number[] = [];
  readonly numbers: (Int64 | undefined)[] = [];
  readonly offsets: Uint32Array;
  readonly rows: number[] = [];

  constructor(view: View, hiddenKeys: readonly string[]) {
    this.#view = view;
    this.#hiddenKeys = hiddenKeys;
    this.#interner = new StringInterner(view.profile.strings);
    this.#runs.intern(new Uint32Array(0), 0);
    this.offsets = new Uint32Array(view.profile.samples.length + 1);
  }

  collect(): SampleTags {
    const { labelOffsets } = this.#view.profile.samples;
    for (let sample = 0; sample + 1 < this.offsets.length; sample++) {
      const start = labelOffsets[sample];
      const end = labelOffsets[sample + 1];
      if (start < end && this.#view.samples[sample]) this.#addSample(start, end);
      this.offsets[sample + 1] = this.rows.length;
    }
    return this;
  }

  labels(set: number): readonly string[] {
    const known = this.#labels[set];
    if (known) return known;
    const labels = this.#makeLabels(set);
    this.#remainingCache -= labels.reduce((sum, label) => sum + label.length, labels.length);
    if (this.#remainingCache >= 0) this.#labels[set] = labels;
    return labels;
  }

  #makeLabels(set: number): readonly string[] {
    const { strings } = this.#view.profile;
    const words = this.#runs.run(set);
    const labels: string[] = [];
    for (let i = 0; i < words.length; i += 2) {
      const [key, text] = [words[i], words[i + 1]].map((index) =>
        strings.get(index as StringIndex),
      );
      labels.push(`${key}:${text}`);
    }
    return labels.sort(compareUtf8);
  }

  #addSample(start: number, end: number): void {
    const { labels } = this.#view.profile;
    const words =
      this.#words.length < (end - start) * 2 ? new Uint32Array((end - start) * 2) : this.#words;
    this.#words = words;
    let length = 0;
    const numbers: Int64[] = [];
    for (let row = start; row < end; row++) {
      const role = this.#role(labels.key[row]);
      if (role === HIDDEN) continue;
      if (isStringLabel(labels, row)) {
        words[length++] = this.#interner.canonical(labels.key[row]);
        words[length++] = this.#interner.canonical(labels.text[row]);
      } else if (role === NUMERIC) {
        numbers.push(int64At(labels.number, row));
      }
    }
    if (length > 2) sortPairs(words, length);
    const set = this.#runs.intern(words, length);
    if (set !== 0) this.rows.push(this.#tag(set, undefined));
    for (const number of numbers) this.rows.push(this.#tag(set, number));
  }

  #tag(set: number, number: Int64 | undefined): number {
    this.#tagOf[set] ??= new Map();
    let tag = this.#tagOf[set].get(number);
    if (tag === undefined) {
      tag = this.sets.push(set) - 1;
      this.numbers.push(number);
      this.#tagOf[set].set(number, tag);
    }
    return tag;
  }

  #role(key: StringIndex): number {
    let role = this.#roles[key];
    if (role === undefined) {
      const { profile, hiddenLabelKeys } = this.#view;
      const name = profile.strings.get(key);
      const hidden = hiddenLabelKeys?.[key] || this.#hiddenKeys.includes(name);
      role = hidden ? HIDDEN : name === NUMERIC_KEY ? NUMERIC : TEXT;
      this.#roles[key] = role;
    }
    return role;
  }
}

/** Sorts the pairs in the first `length` words. */
function sortPairs(words: Uint32Array, length: number): void {
  const pairs: [number, number][] = [];
  for (let i = 0; i < length; i += 2) pairs.push([words[i], words[i + 1]]);
  pairs.sort(([key, text], [otherKey, otherText]) => key - otherKey || text - otherText);
  words.set(pairs.flat());
}
