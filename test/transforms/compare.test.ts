import { describe, expect, it } from "vitest";
import { type Comparison, compareProfiles } from "../../src/transforms/compare.js";
import { drawProfile, profileOf } from "../support/text-profile.js";

const PLAIN: Comparison = { marksBase: false, normalizes: false };

function compared(profile: string, base: string, how: Partial<Comparison> = {}): string[] {
  return drawProfile(
    compareProfiles(profileOf(profile), profileOf(base), { ...PLAIN, ...how }, 1e9),
  );
}

describe("a comparison", () => {
  it("subtracts the base, and omits equal samples", () => {
    expect(compared("a 5\nb 3\nc 1", "a 2\nb 3\nd 4")).toEqual(["a 3", "c 1", "d -4"]);
  });

  it("labels the samples of the base, so that they differ from the others", () => {
    expect(compared("a 5 {k=x}", "a 2 {k=x}", { marksBase: true })).toEqual([
      "a 5 {k=x}",
      "a -2 {k=x pprof::base=true}",
    ]);
  });

  it("scales the profile to the total of the base if requested", () => {
    // 3 + 5 becomes 4: the halves of 1.5 and 2.5 are rounded away from zero.
    expect(compared("a 3\nb 5", "c 4", { normalizes: true })).toEqual(["a 2", "b 3", "c -4"]);
    expect(compared("a 3", "a -3", { normalizes: true })).toEqual([]);
  });

  it("normalizes a profile with the total 0 to 0", () => {
    expect(compared("a 3\nb -3", "c 4", { normalizes: true })).toEqual(["c -4"]);
  });

  it("does not scale a sample type with equal totals", () => {
    const types = { types: ["n/count", "cpu/ns"] };
    const result = compareProfiles(
      profileOf("a 5 0\nb 0 10", types),
      profileOf("c 5 20", types),
      { ...PLAIN, normalizes: true },
      1e9,
    );
    expect(drawProfile(result)).toEqual(["a 5 0", "b 0 20", "c -5 -20"]);
  });

  it("is exact beyond 2^53", () => {
    const large = 2n ** 53n + 1n;
    expect(compared("a 1", `b ${large}`)).toEqual(["a 1", `b ${-large}`]);
  });

  it("of profiles without a common sample type is refused, with their types", () => {
    const cpu = profileOf("a 1", { types: ["cpu/ns"] });
    const heap = profileOf("a 1", { types: ["space/bytes"] });
    expect(() => compareProfiles(cpu, heap, PLAIN, 1e9)).toThrow(
      /no sample type in common .*: space here, cpu there/,
    );
  });
});
