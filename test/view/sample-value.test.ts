import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors/user-error.js";
import { int64At } from "../../src/profile/columns.js";
import { ProfileError } from "../../src/profile/errors.js";
import { int64 } from "../../src/units/int64.js";
import { compileRe2 } from "../../src/view/re2.js";
import { selectSampleValue, totalValue } from "../../src/view/sample-value.js";
import { filterTagKeys } from "../../src/view/tag-filters.js";
import { wholeProfile } from "../../src/view/view.js";
import { type ProfileParts, profileOf } from "../support/text-profile.js";

describe("selectSampleValue", () => {
  const types = ["alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "space/bytes"];
  const heap = (parts: ProfileParts = {}) => profileOf("main 1 2 3 4", { types, ...parts });
  const typeOf = (selection: string, parts?: ProfileParts) =>
    selectSampleValue(heap(parts), selection, false).type;

  it("selects the last sample type by default", () => {
    const value = selectSampleValue(heap(), "", false);
    expect(value).toMatchObject({ index: 3, type: "space", unit: "bytes", divisors: undefined });
    expect(int64At(value.values, 0)).toBe(4);
  });

  it("prefers the profile's default", () => {
    expect(typeOf("", { defaultType: "alloc_space" })).toBe("alloc_space");
    expect(typeOf("", { defaultType: "no_such_type" })).toBe("space");
  });

  it("accepts the name or the position of a sample type", () => {
    expect(typeOf("alloc_objects", { defaultType: "alloc_space" })).toBe("alloc_objects");
    expect(typeOf("0")).toBe("alloc_objects");
    expect(typeOf("+2")).toBe("inuse_objects");
    expect(typeOf("-0")).toBe("alloc_objects");
  });

  it("accepts a name without inuse_ for one with it, but not the reverse", () => {
    expect(typeOf("inuse_space")).toBe("space");
    expect(() => typeOf("objects")).toThrow(UserError);
  });

  it("rejects unknown positions and names, and lists the valid ones", () => {
    expect(() => typeOf("4")).toThrow("[0..3]");
    expect(() => typeOf("-1")).toThrow("[0..3]");
    expect(() => typeOf("cpu")).toThrow(
      '"cpu" must be one of: alloc_objects, alloc_space, inuse_objects, space',
    );
    expect(() => typeOf("1.5")).toThrow(UserError);
    expect(() => typeOf("")).not.toThrow();
  });

  it("rejects a profile without sample types", () => {
    expect(() => selectSampleValue(profileOf("", { types: [] }), "", false)).toThrow(ProfileError);
  });

  it("divides means by the first value", () => {
    const value = selectSampleValue(heap(), "alloc_space", true);
    expect(value.type).toBe("mean_alloc_space");
    expect(value.divisors && int64At(value.divisors, 0)).toBe(1);
  });
});

describe("totalValue", () => {
  const total = (text: string, parts: ProfileParts = {}, mean = false) => {
    const profile = profileOf(text, parts);
    return totalValue(wholeProfile(profile), selectSampleValue(profile, "", mean));
  };
  const pair = { types: ["n/count", "size/bytes"] };

  it("adds up absolute values", () => {
    expect(total("a 1\nb -2\nc 0\n- 4")).toBe(7);
    expect(total("")).toBe(0);
  });

  it("ignores samples that the view does not select", () => {
    const profile = profileOf("a 1\nb 2\nc 4");
    const view = { ...wholeProfile(profile), samples: Uint8Array.of(1, 0, 1) };
    expect(totalValue(view, selectSampleValue(profile, "", false))).toBe(5);
  });

  it("is the total of the base if samples are marked", () => {
    expect(total("a 10\nb -3 {pprof::base=true}\nc 4 {x=y pprof::base=true}")).toBe(7);
  });

  it("ignores labels with other values or other keys", () => {
    expect(total("a 1\nb 2 {pprof::base=false}\nc 4 {base=true}\nd 8 {pprof::base:1}")).toBe(15);
  });

  it("is the total of all samples if the base adds up to 0", () => {
    expect(total("a 10\nb 0 {pprof::base=true}")).toBe(10);
  });

  it("ignores marks whose key is hidden", () => {
    const profile = profileOf("a 10\nb 3 {pprof::base=true}");
    const { view } = filterTagKeys(wholeProfile(profile), undefined, compileRe2("base"));
    expect(totalValue(view, selectSampleValue(profile, "", false))).toBe(13);
  });

  it("finds all marks if the producer repeats its strings", () => {
    const text = "a 10\nb 3 {pprof::base=true}\nc 4 {pprof::base=true}";
    expect(total(text, { repeatStrings: true })).toBe(7);
  });

  it("is divided by the sum of the first values for means", () => {
    expect(total("a 2 10\nb 3 5", pair, true)).toBe(3);
    expect(total("a 2 -10\nb 3 5", pair, true)).toBe(3);
    expect(total("a 0 10", pair, true)).toBe(10);
    expect(total("a 1 100\nb 2 10 {pprof::base=true}\nc 3 10 {pprof::base=true}", pair, true)).toBe(
      4,
    );
  });

  it("does not use the absolute value of counts", () => {
    expect(total("a 5 10\nb -3 10", pair, true)).toBe(10);
    expect(total("a 1 10\nb -3 10", pair, true)).toBe(-10);
  });

  it("is exact, and wraps around like Go's int64", () => {
    const wide = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(fc.array(wide), (values) => {
        const text = values.map((value) => `a ${value}`).join("\n");
        const sum = values.reduce((all, value) => all + (value < 0n ? -value : value), 0n);
        expect(total(text)).toBe(int64(sum));
      }),
    );
  });
});
