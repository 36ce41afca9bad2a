import { int64At } from "../../profile/columns.js";
import { isStringLabel } from "../../profile/labels.js";
import type { Profile } from "../../profile/profile.js";
import { setHalves } from "../../units/int64.js";
import type { StringMapper } from "./string-mapper.js";

/** The positions of fields in the words of a label. */
export const LabelWord = { key: 0, text: 1, number: 2, unit: 4 } as const;
export const LABEL_WORDS = 5;

/** Writes the labels of a profile's samples as words, so that equal label sets have equal words. */
export class LabelWriter {
  readonly #profile: Profile;
  readonly #strings: StringMapper;
  readonly #rows: number[] = [];

  constructor(profile: Profile, strings: StringMapper) {
    this.#profile = profile;
    this.#strings = strings;
  }

  /**
   * Writes the labels of `sample` to `words` from `at` on, and returns the end. String labels are
   * sorted by key, then numeric labels by key; labels with the same key keep their order.
   */
  write(sample: number, words: Uint32Array, at: number): number {
    const { samples, labels } = this.#profile;
    const rows = this.#rows;
    rows.length = 0;
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      rows.push(row);
    }
    if (rows.length > 1) rows.sort((a, b) => this.#compare(a, b));
    let numberKey = -1;
    let hasUnits = false;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      const key = this.#strings.at(labels.key[row]);
      const isText = isStringLabel(labels, row);
      if (!isText && key !== numberKey) {
        numberKey = key;
        hasUnits = this.#hasUnits(i);
      }
      words[at + LabelWord.key] = key;
      words[at + LabelWord.text] = isText ? this.#strings.given(labels.text[row]) : 0;
      setHalves(words, at + LabelWord.number, isText ? 0 : int64At(labels.number, row));
      words[at + LabelWord.unit] = isText || !hasUnits ? 0 : this.#strings.given(labels.unit[row]);
      at += LABEL_WORDS;
    }
    return at;
  }

  /**
   * Tests whether any number with the key of the row at `start` has a unit. The others then have an
   * empty unit, which differs from none.
   */
  #hasUnits(start: number): boolean {
    const { labels } = this.#profile;
    const key = this.#strings.at(labels.key[this.#rows[start]]);
    for (let i = start; i < this.#rows.length; i++) {
      const row = this.#rows[i];
      if (this.#strings.at(labels.key[row]) !== key) return false;
      if (labels.unit[row] !== 0) return true;
    }
    return false;
  }

  #compare(a: number, b: number): number {
    const { labels } = this.#profile;
    const kinds = Number(isStringLabel(labels, b)) - Number(isStringLabel(labels, a));
    if (kinds !== 0 || labels.key[a] === labels.key[b]) return kinds || a - b;
    const keyA = this.#strings.text(labels.key[a]);
    const keyB = this.#strings.text(labels.key[b]);
    return keyA < keyB ? -1 : keyA > keyB ? 1 : a - b;
  }
}
