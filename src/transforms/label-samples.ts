import { Int64Builder, indexColumn, int64At, Uint32Builder } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

/** Labels every sample with `key=text`, replacing other text labels with that key. */
export function labelSamples(profile: Profile, key: string, text: string): Profile {
  return withLabels(profile, { [key]: text }, true);
}

/** Adds labels to every sample that has no label with the same key. */
export function addLabels(
  profile: Profile,
  labels: Readonly<Record<string, string | number>>,
): Profile {
  return Object.keys(labels).length === 0 ? profile : withLabels(profile, labels, false);
}

/** `replaces` decides between a sample's own label and a new one with the same key. */
function withLabels(
  profile: Profile,
  added: Readonly<Record<string, string | number>>,
  replaces: boolean,
): Profile {
  const { samples, labels, strings } = profile;
  const keys = new Uint32Builder();
  const texts = new Uint32Builder();
  const numbers = new Int64Builder();
  const units = new Uint32Builder();
  const labelOffsets = new Uint32Builder();
  const push = (key: number, text: number, unit: number, number: number | bigint) => {
    keys.push(key);
    texts.push(text);
    units.push(unit);
    numbers.push(number);
  };
  const newStrings: Uint8Array[] = [];
  const string = (text: string) => strings.length + newStrings.push(encodeUtf8(text)) - 1;
  const rows = Object.entries(added).map(([name, value]) => ({
    name,
    key: string(name),
    text: typeof value === "string" ? string(value) : 0,
    number: typeof value === "number" ? value : 0,
  }));
  labelOffsets.push(0);
  for (let sample = 0; sample < samples.length; sample++) {
    const own = new Set<string>();
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      const name = strings.get(labels.key[row]);
      if (replaces && labels.text[row] !== 0 && Object.hasOwn(added, name)) continue;
      if (!replaces) own.add(name);
      push(labels.key[row], labels.text[row], labels.unit[row], int64At(labels.number, row));
    }
    for (const { name, key, text, number } of rows) {
      if (!own.has(name)) push(key, text, 0, number);
    }
    labelOffsets.push(keys.length);
  }
  return {
    ...profile,
    strings: strings.extend(newStrings),
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
