import { describe, expect, it } from "vitest";
import type { Profile } from "../../../src/profile/profile.js";
import { labelsOf } from "../../../src/profile/sample-labels.js";
import { decodeProfile } from "../../../src/profile/wire/decode.js";
import { ProfileMerger } from "../../../src/transforms/merge/merger.js";
import { encodeWithProtobufjs } from "../../support/proto.js";

// Index 0 means no string; index 1 is a given string that is empty.
const STRINGS = ["", "", "samples", "count", "key", "size", "kb"];
const at = (text: string) => STRINGS.indexOf(text);
const GIVEN_EMPTY = 1;

const profile = decodeProfile(
  encodeWithProtobufjs({
    string_table: STRINGS,
    sample_type: [{ type: at("samples"), unit: at("count") }],
    sample: [
      { value: [1], label: [{ key: at("key"), str: GIVEN_EMPTY }] },
      { value: [2], label: [{ key: at("key"), num: 0 }] },
      { value: [4], label: [{ key: at("size"), num: 16, num_unit: GIVEN_EMPTY }] },
      { value: [8], label: [{ key: at("size"), num: 16 }] },
      { value: [16], label: [{ key: at("size"), num: 16, num_unit: at("kb") }] },
    ],
  }),
);

/** Two samples; only in the first one the number 1 has a unit. */
const mixed = decodeProfile(
  encodeWithProtobufjs({
    string_table: STRINGS,
    sample_type: [{ type: at("samples"), unit: at("count") }],
    sample: [GIVEN_EMPTY, 0].map((unit) => ({
      value: [1],
      label: [
        { key: at("size"), num: 1, num_unit: unit },
        { key: at("size"), num: 2, num_unit: at("kb") },
      ],
    })),
  }),
);

function mergedWithItself(profile: Profile): Profile {
  const merger = new ProfileMerger();
  merger.add(profile);
  merger.add(profile);
  return merger.finish();
}

describe("labels of merged profiles", () => {
  it("keep an empty text or unit, as in a single profile", () => {
    const merged = mergedWithItself(profile);
    expect([...merged.samples.values[0]]).toEqual([2, 4, 8, 16, 32]);
    for (let sample = 0; sample < profile.samples.length; sample++) {
      expect(labelsOf(merged, sample)).toEqual(labelsOf(profile, sample));
    }
    expect(labelsOf(merged, 0).texts.get("key")).toEqual([""]);
    expect(labelsOf(merged, 2).numbers.get("size")?.units).toEqual([""]);
    expect(labelsOf(merged, 3).numbers.get("size")?.units).toBeUndefined();
  });

  it("have an empty unit if another number of the key has a unit", () => {
    const merged = mergedWithItself(mixed);
    expect([...merged.samples.values[0]]).toEqual([4]);
    expect(labelsOf(merged, 0).numbers.get("size")?.units).toEqual(["", "kb"]);
  });
});
