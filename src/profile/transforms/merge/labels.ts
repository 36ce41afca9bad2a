import { int64At } from "../../columns.js";
import { isNumberLabel, isTextLabel } from "../../labels.js";
import type { Profile } from "../../profile.js";
import type { StringMapper } from "./string-mapper.js";
import { setHalves } from "./words.js";

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
    for (const row of rows) {
      words[at + LabelWord.key] = this.#strings.at(labels.key[row]);
      words[at + LabelWord.text] = this.#strings.given(labels.text[row]);
      const isText = isTextLabel(labels, row);
      setHalves(words, at + LabelWord.number, isText ? 0 : int64At(labels.number, row));
      words[at + LabelWord.unit] = isText ? 0 : this.#strings.given(labels.unit[row]);
      at += LABEL_WORDS;
    }
    return at;
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
