import { describe, expect, it } from "vitest";
import { uint64At } from "../../src/profile/columns.js";
import { decodeProfile } from "../../src/profile/wire/decode.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { addTagFrames } from "../../src/transforms/tag-frames.js";
import { drawProfile, profileOf } from "../support/text-profile.js";

const requests = `
  main;work 1 {tenant=acme shard:2 size:2048bytes}
  main 2 {tenant=other tenant=acme}
  - 3
`;

function framed(keys: { root?: string[]; leaf?: string[]; unit?: string }, text = requests) {
  const { root = [], leaf = [], unit = "minimum" } = keys;
  const { profile, matched } = addTagFrames(profileOf(text), { root, leaf, unit });
  return { lines: drawProfile(profile).map((line) => line.replace(/ .*/, "")), matched, profile };
}

describe("frames made from labels", () => {
  it("become callers of the whole stack, the first key outermost", () => {
    expect(framed({ root: ["tenant", "shard"] }).lines).toEqual([
      "acme@tenant;2@shard;main;work",
      "other,acme@tenant;@shard;main",
      "@tenant;@shard",
    ]);
  });

  it("become callees of the leaf, the last key innermost", () => {
    expect(framed({ leaf: ["tenant", "shard"] }).lines).toEqual([
      "main;work;acme@tenant;2@shard",
      "main;other,acme@tenant;@shard",
      "@tenant;@shard",
    ]);
  });

  it("can be at both ends", () => {
    expect(framed({ root: ["tenant"], leaf: ["shard"] }).lines).toEqual([
      "acme@tenant;main;work;2@shard",
      "other,acme@tenant;main;@shard",
      "@tenant;@shard",
    ]);
  });

  it("have ids in pprof's order: the callers of each sample first", () => {
    const { locations, samples } = framed({ root: ["tenant"], leaf: ["shard"] }).profile;
    const leaf = samples.stackLocations[0];
    const root = samples.stackLocations[samples.stackOffsets[1] - 1];
    expect(uint64At(locations.id, leaf) - uint64At(locations.id, root)).toBe(1n);
  });

  it("format numbers in the requested unit", () => {
    const size = (unit: string) => framed({ root: ["size"], unit }).lines[0];
    expect(size("minimum")).toBe("2kB@size;main;work");
    expect(size("bytes")).toBe("2048B@size;main;work");
    expect(size("mb")).toBe("0@size;main;work");
  });

  it("format numbers without a unit as they are", () => {
    expect(framed({ root: ["n"], unit: "ms" }, "a 1 {n:5}").lines).toEqual(["5@n;a"]);
    // If one number of a key has a unit, numbers without one are scaled, too.
    expect(framed({ root: ["n"], unit: "ms" }, "a 1 {n:5 n:2s}").lines).toEqual(["5ms,2000ms@n;a"]);
  });

  it("list texts before numbers", () => {
    expect(framed({ root: ["k"] }, "a 1 {k:1 k=x k:2 k=y}").lines).toEqual(["x,y,1,2@k;a"]);
  });

  it("include the number 0, with or without a unit", () => {
    expect(framed({ root: ["k"] }, "a 1 {k:0}").lines).toEqual(["0@k;a"]);
    expect(framed({ root: ["k"] }, "a 1 {k:0bytes}").lines).toEqual(["0@k;a"]);
  });

  it("report for each end whether such a label exists", () => {
    expect(framed({ root: ["shard"], leaf: ["nothing"] }).matched).toEqual({
      root: true,
      leaf: false,
    });
    expect(framed({ root: ["nothing", "shard"] }).matched.root).toBe(true);
  });

  it("share a location for each value of a key", () => {
    const { profile } = framed({ root: ["t"], leaf: ["t", "u"] }, "a 1 {t=x u=x}\na 2 {t=x u=x}");
    expect(drawProfile(profile)[0]).toBe("x@t;a;x@t;x@u 1 {t=x u=x}");
    expect(profile.locations.length).toBe(3);
    expect(profile.functions.length).toBe(3);
  });

  it("distinguish values that only look equal when joined", () => {
    expect(framed({ root: ["t"] }, 'a 1 {t="x,y"}\na 1 {t=x t=y}').profile.locations.length).toBe(
      2,
    );
  });

  it("make a valid profile that survives encoding, with new ids", () => {
    const { profile } = framed({ root: ["tenant"], leaf: ["size"] });
    expect(drawProfile(decodeProfile(encodeProfile(profile)))).toEqual(drawProfile(profile));
    const ids = Array.from({ length: profile.locations.length }, (_, row) =>
      uint64At(profile.locations.id, row),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("do not change the given profile", () => {
    const profile = profileOf(requests);
    const before = drawProfile(profile);
    addTagFrames(profile, { root: ["tenant"], leaf: [], unit: "" });
    expect(drawProfile(profile)).toEqual(before);
  });
});
