import { describe, expect, it } from "vitest";
import { ProfileError } from "../../../src/profile/errors.js";
import { decodeProfile } from "../../../src/profile/wire/decode.js";
import { uniqueSampleTypes } from "../../../src/transforms/merge/plan.js";
import { encodeWithProtobufjs } from "../../support/proto.js";

const NAMES = ["", "cpu", "wall", "space"];

/** A profile with these sample types, the values 10, 20, ..., and this default. */
function profileOf(types: readonly string[], defaultType = "") {
  return decodeProfile(
    encodeWithProtobufjs({
      string_table: NAMES,
      sample_type: types.map((type) => ({ type: NAMES.indexOf(type) })),
      sample: [{ value: types.map((_, i) => (i + 1) * 10) }],
      default_sample_type: NAMES.indexOf(defaultType),
    }),
  );
}

function shown(types: readonly string[], defaultType?: string) {
  const { sampleTypes, samples, strings, defaultSampleType } = uniqueSampleTypes(
    profileOf(types, defaultType),
  );
  return {
    types: sampleTypes.map(({ type }) => strings.get(type)),
    values: samples.values.map((column) => column[0]),
    default: strings.get(defaultSampleType),
  };
}

// The rule of CompatibilizeSampleTypes in google/pprof's profile/merge.go.
describe("sample types with the same name", () => {
  it("are removed, and the first remaining type becomes the default", () => {
    expect(shown(["cpu", "wall", "space", "cpu"])).toEqual({
      types: ["wall", "space"],
      values: [20, 30],
      default: "wall",
    });
  });

  it("do not change a default that remains", () => {
    expect(shown(["cpu", "wall", "space", "cpu"], "space").default).toBe("space");
  });

  it("change nothing if there are none", () => {
    const profile = profileOf(["cpu", "wall"]);
    expect(uniqueSampleTypes(profile)).toBe(profile);
  });

  it("are an error if no type remains", () => {
    expect(() => uniqueSampleTypes(profileOf(["cpu", "cpu"]))).toThrow(ProfileError);
  });
});
