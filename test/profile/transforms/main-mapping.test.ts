import { expect, it } from "vitest";
import { uint64At } from "../../../src/profile/columns.js";
import { ensureMapping } from "../../../src/profile/transforms/main-mapping.js";
import { drawProfile, profileOf } from "../../support/text-profile.js";

it("a profile without mappings gets one, and all locations lie in it", () => {
  const { mappings, locations } = ensureMapping(profileOf("main;#40 1\n? 2"));
  expect(mappings.length).toBe(1);
  expect(uint64At(mappings.id, 0)).toBe(1n);
  expect([...Array(locations.length).keys()].map((row) => locations.mapping[row])).toEqual([
    0, 0, 0,
  ]);
});

it("other profiles stay as they are", () => {
  const profile = profileOf("main;work[/bin/app] 1");
  expect(drawProfile(ensureMapping(profile))).toEqual(["main;work[/bin/app] 1"]);
});
