import { describe, expect, it } from "vitest";
import { labelsOf } from "../../../../src/profile/sample-labels.js";
import { ProfileMerger } from "../../../../src/profile/transforms/merge/merger.js";
import { decodeProfile } from "../../../../src/profile/wire/decode.js";
import { encodeWithProtobufjs } from "../../../support/proto.js";

// Index 0 means that there is no string; index 1 is one that is given, and is empty.
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

describe("labels of merged profiles", () => {
  it("keep a text or a unit that is there but empty, as in one profile", () => {
    const merger = new ProfileMerger();
    merger.add(profile);
    merger.add(profile);
    const merged = merger.finish();
    expect([...merged.samples.values[0]]).toEqual([2, 4, 8, 16, 32]);
    for (let sample = 0; sample < profile.samples.length; sample++) {
      expect(labelsOf(merged, sample)).toEqual(labelsOf(profile, sample));
    }
    expect(labelsOf(merged, 0).texts.get("key")).toEqual([""]);
    expect(labelsOf(merged, 2).numbers.get("size")?.units).toEqual([""]);
    expect(labelsOf(merged, 3).numbers.get("size")?.units).toBeUndefined();
  });
});
