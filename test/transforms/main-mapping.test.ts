import { describe, expect, it } from "vitest";
import { uint64At } from "../../src/profile/columns.js";
import { ensureMapping, nameProgram } from "../../src/transforms/main-mapping.js";
import { drawProfile, profileOf } from "../support/text-profile.js";

it("a profile without mappings gets one that contains all locations", () => {
  const { mappings, locations } = ensureMapping(profileOf("main;#40 1\n? 2"));
  expect(mappings.length).toBe(1);
  expect(uint64At(mappings.id, 0)).toBe(1n);
  expect([...Array(locations.length).keys()].map((row) => locations.mapping[row])).toEqual([
    0, 0, 0,
  ]);
});

it("other profiles are unchanged", () => {
  const profile = profileOf("main;work[/bin/app] 1");
  expect(drawProfile(ensureMapping(profile))).toEqual(["main;work[/bin/app] 1"]);
});

describe("naming the program", () => {
  const text = "main[/bin/app];write[/lib/libc.so] 1";

  it("sets the file of the first mapping, and its build ID if missing", () => {
    const named = (buildIds: Record<string, string>) => {
      const { mappings, strings } = nameProgram(profileOf(text, { buildIds }), {
        file: "./other",
        buildId: "given",
      });
      const row = (index: number) => [
        strings.get(mappings.file[index]),
        strings.get(mappings.buildId[index]),
      ];
      return [row(0), row(1)];
    };
    expect(named({})).toEqual([
      ["./other", "given"],
      ["/lib/libc.so", ""],
    ]);
    expect(named({ "/bin/app": "own" })).toEqual([
      ["./other", "own"],
      ["/lib/libc.so", ""],
    ]);
  });

  it("keeps everything that is not given", () => {
    const profile = profileOf(text);
    expect(nameProgram(profile, { file: "", buildId: "" })).toBe(profile);
  });
});
