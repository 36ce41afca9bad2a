import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFromText, encodeAsText } from "../../src/page/text-bytes.js";

const decoded = (text: Uint8Array) => decodeFromText(new TextDecoder().decode(text));

describe("bytes as text", () => {
  it("survive encoding and decoding, and HTML keeps the text as it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeAsText(bytes);
        expect(decoded(text)).toEqual(bytes);
        const characters = new TextDecoder("utf-8", { fatal: true }).decode(text);
        for (const changed of ["<", "\0", "\r", "\x1b"]) expect(characters).not.toContain(changed);
      }),
    );
  });

  it("need 14 % more space", () => {
    const bytes = randomBytes(100_000);
    expect(encodeAsText(bytes).length / bytes.length).toBeLessThan(1.145);
  });
});
