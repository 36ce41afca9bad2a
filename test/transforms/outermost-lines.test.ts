import { expect, it } from "vitest";
import { MappingFlags } from "../../src/profile/profile.js";
import { outermostLines } from "../../src/transforms/outermost-lines.js";
import { drawProfile, profileOf } from "../support/text-profile.js";

const profile = profileOf("main>mid>leaf@a.c:3:4;#40;b@b.c:7:8>c[app] 1");

it("keeps only the function that others were inlined into", () => {
  expect(drawProfile(outermostLines(profile, true))).toEqual(["main;#40;b@b.c:7:8[app] 1"]);
  expect(drawProfile(outermostLines(profile, false))).toEqual(["main;#40;b@b.c:7[app] 1"]);
});

it("clears the flag for inline frames only", () => {
  const { functions, inlineFrames } = MappingFlags;
  const mappings = { ...profile.mappings, flags: Uint8Array.of(functions | inlineFrames) };
  expect([...outermostLines({ ...profile, mappings }, true).mappings.flags]).toEqual([functions]);
});
