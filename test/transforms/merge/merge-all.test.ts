import { describe, expect, it } from "vitest";
import { mergeAll } from "../../../src/transforms/merge/merge-all.js";
import { drawProfile, profileOf } from "../../support/text-profile.js";

describe("mergeAll", () => {
  const reads: string[] = [];
  const input = (text: string, types: string[]) => ({
    name: `the profile of ${text}`,
    read: async () => {
      reads.push(text);
      return profileOf(text, { types });
    },
  });

  it("does not change a single profile, including its zeros", async () => {
    const profile = await mergeAll([input("a 0\nb 1\nb 2", ["cpu/ns"])], 1e9);
    expect(profile && drawProfile(profile)).toEqual(["a 0", "b 1", "b 2"]);
    expect(await mergeAll([], 1e9)).toBe(undefined);
    expect(await mergeAll([{ name: "none", read: async () => undefined }], 1e9)).toBe(undefined);
  });

  it("keeps the common types in the order of the first profile", async () => {
    reads.length = 0;
    const profile = await mergeAll(
      [
        input("a 1 2 3\nonly-wall 0 7 0", ["cpu/ns", "wall/ns", "space/bytes"]),
        input("a 10 20", ["cpu/ns", "space/bytes"]),
        input("a 100 200 300", ["space/bytes", "wall/ns", "cpu/ns"]),
      ],
      1e9,
    );
    expect(profile && drawProfile(profile)).toEqual(["a 311 123"]);
    expect(profile?.functions.length).toBe(1);
    // Two rounds: the second profile shows that the first has a type too many.
    expect(reads).toHaveLength(6);
  });

  it("converts values to the finest unit of all profiles", async () => {
    const profile = await mergeAll(
      [input("a 2 5", ["cpu/ms", "space/kb"]), input("a 3 7", ["cpu/microseconds", "space/kb"])],
      1e9,
    );
    expect(profile && drawProfile(profile)).toEqual(["a 2003 12"]);
    expect(profile?.strings.get(profile.sampleTypes[0].unit)).toBe("microseconds");
  });

  it.each([
    [
      ["cpu/ns"],
      ["space/bytes"],
      /^the profile of b 1: it has no sample type in common .*: space here, cpu there$/,
    ],
    [["cpu/ns"], ["cpu/bytes"], /^the profile of b 1: its cpu is in bytes, that of .* in ns$/],
  ])("refuses %s with %s, and says why", async (one, other, message) => {
    await expect(mergeAll([input("a 1", one), input("b 1", other)], 1e9)).rejects.toThrow(message);
  });

  it("stops if the result exceeds the limit", async () => {
    const text = Array.from({ length: 9000 }, (_, i) => `f${i} 1`).join("\n");
    const inputs = [input(text, ["cpu/ns"]), input("a 1", ["cpu/ns"])];
    await expect(mergeAll(inputs, 100_000)).rejects.toThrow(/needs more than 0 MB/);
  });

  it("finishes reading the next input before it fails", async () => {
    const told: string[] = [];
    const later = async () => {
      await new Promise(setImmediate);
      told.push("unreadable");
      return undefined;
    };
    const inputs = [
      input("a 1", ["cpu/ns"]),
      input("a 1", ["space/bytes"]),
      { name: "unreadable", read: later },
    ];
    await mergeAll(inputs, 1e9).catch((error: Error) => told.push(error.message));
    expect(told).toEqual(["unreadable", expect.stringMatching(/sample type/)]);
  });
});
