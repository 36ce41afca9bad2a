import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sha256Base64 } from "../../src/render/sha256.js";

it("computes the same as Node for any length", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 131 + length * 7) & 0xff);
    expect(sha256Base64(bytes)).toBe(createHash("sha256").update(bytes).digest("base64"));
  }
});
