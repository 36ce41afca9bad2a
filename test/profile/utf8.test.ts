import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareUtf8, decodeUtf8, encodeUtf8 } from "../../src/profile/utf8.js";

const decode = (bytes: Uint8Array) => decodeUtf8(bytes, 0, bytes.length);

describe("UTF-8", () => {
  it("encodes well-formed text like TextEncoder", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
        expect(decode(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });

  it("decodes and encodes any bytes without loss", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(encodeUtf8(decode(bytes))).toEqual(bytes);
      }),
    );
  });

  it("decodes long text and parts of a buffer", () => {
    const text = `${"a".repeat(20_000)}é`;
    const bytes = new TextEncoder().encode(text);
    expect(decode(bytes)).toBe(text);
    expect(decodeUtf8(bytes, 19_999, bytes.length)).toBe("aé");
  });

  it("compares by bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    // U+FF5E is one UTF-16 unit; U+1F600 is two smaller units.
    expect(compareUtf8("～", "😀")).toBeLessThan(0);
  });
});
