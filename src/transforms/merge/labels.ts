import { int64At } from "../../profile/columns.js";
import { isNumberLabel, isTextLabel } from "../../profile/labels.js";
import type { Profile } from "../../profile/profile.js";
import { setHalves } from "../../units/int64.js";
import type { StringMapper } from "./string-mapper.js";

/** The words of a label. */
export const LabelWord = { key: 0, text: 1, number: 2, unit: 4 } as const;
export const LABEL_WORDS = 5;

/** Writes the labels of samples of one profile in a form in which equal ones are equal. */
export class LabelWriter {
  readonly #profile: Profile;
  readonly #strings: StringMapper;
  readonly #rows: number[] = [];

  constructor(profile: Profile, strings: StringMapper) {
    this.#profile = profile;
    this.#strings = strings;
  }

  /**
   * Writes the labels of `sample` to `words` from `at` on, and returns where they end:
   * text labels by key, then numbers by key; those of one key in their order.
   */
  write(sample: number, words: Uint32Array, at: number): number {
    const { samples, labels } = this.#profile;
    const rows = this.#rows;
    rows.length = 0;
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      if (isTextLabel(labels, row) || isNumberLabel(labels, row)) rows.push(row);
    }
    if (rows.length > 1) rows.sort((a, b) => this.#compare(a, b));
    let numberKey = -1;
    let hasUnits = false;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      const key = this.#strings.at(labels.key[row]);
      const isText = isTextLabel(labels, row);
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
   * Whether a number of the key that is at `start` of the rows has a unit. The others
   * then have an empty one, which is not the same as none.
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
    const kinds = Number(isNumberLabel(labels, a)) - Number(isNumberLabel(labels, b));
    if (kinds !== 0 || labels.key[a] === labels.key[b]) return kinds || a - b;
    const keyA = this.#strings.text(labels.key[a]);
    const keyB = this.#strings.text(labels.key[b]);
    return keyA < keyB ? -1 : keyA > keyB ? 1 : a - b;
  }
}
