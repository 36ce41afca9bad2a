import { Int64Builder, indexColumn, int64At, Uint32Builder } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

/** Labels every sample with `key=text`, replacing other text labels with that key. */
export function labelSamples(profile: Profile, key: string, text: string): Profile {
  const { samples, labels, strings } = profile;
  const keyIndex = strings.length as StringIndex;
  const textIndex = (strings.length + 1) as StringIndex;
  const keys = new Uint32Builder();
  const texts = new Uint32Builder();
  const numbers = new Int64Builder();
  const units = new Uint32Builder();
  const labelOffsets = new Uint32Builder();
  const push = (row: [key: number, text: number, unit: number], number = 0 as number | bigint) => {
    keys.push(row[0]);
    texts.push(row[1]);
    units.push(row[2]);
    numbers.push(number);
  };
  labelOffsets.push(0);
  for (let sample = 0; sample < samples.length; sample++) {
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      if (labels.text[row] !== 0 && strings.get(labels.key[row]) === key) continue;
      push([labels.key[row], labels.text[row], labels.unit[row]], int64At(labels.number, row));
    }
    push([keyIndex, textIndex, 0]);
    labelOffsets.push(keys.length);
  }
  return {
    ...profile,
    strings: strings.extend([encodeUtf8(key), encodeUtf8(text)]),
    samples: { ...samples, labelOffsets: labelOffsets.finish() },
    labels: {
      length: keys.length,
      key: indexColumn<StringIndex>(keys.finish()),
      text: indexColumn<StringIndex>(texts.finish()),
      number: numbers.finish(),
      unit: indexColumn<StringIndex>(units.finish()),
    },
  };
}
