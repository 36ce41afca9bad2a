import { describe, expect, it } from "vitest";
import { mergeAll } from "../../../../src/profile/transforms/merge/merge-all.js";
import { profileOf } from "../../../support/text-profile.js";

describe("merging", () => {
  it("has read the input after the one that does not fit before it fails", async () => {
    const told: string[] = [];
    const later = async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      told.push("unreadable");
      return undefined;
    };
    const inputs = [
      async () => profileOf("main 1", { types: ["cpu/ns"] }),
      async () => profileOf("main 1", { types: ["space/bytes"] }),
      later,
    ];
    await mergeAll(inputs, 1 << 20).catch((error: Error) => told.push(error.message));
    expect(told).toEqual(["unreadable", expect.stringMatching(/sample type/)]);
  });
});
