import { describe, expect, it } from "vitest";
import { compressLzma } from "../../scripts/lzma.mjs";
import { decodeLzma } from "../../src/page/lzma.js";

/** Text with short and long repetitions, near and far, and bytes that do not repeat. */
function sample(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
  for (let at = 0; at < length; ) {
    const isRepeated = at > 0 && random(3) > 0;
    const end = Math.min(length, at + 1 + random(isRepeated ? 400 : 20));
    const from = isRepeated ? random(at) : 0;
    for (let i = 0; at < end; at++, i++) bytes[at] = isRepeated ? bytes[from + i] : random(256);
  }
  return bytes;
}

describe("a decoder of LZMA", () => {
  it.each([0, 1, 2, 100, 5000, 300_000])("returns the content of %d bytes", (length) => {
    for (const level of [1, 5, 9] as const) {
      const content = sample(length);
      expect(decodeLzma(compressLzma(content, level), length)).toEqual(content);
    }
  });

  it("rejects damaged data and too long content", () => {
    const file = compressLzma(sample(5000), 5);
    expect(() => decodeLzma(file, 4999)).toThrow("damaged LZMA data");
    expect(() => decodeLzma(file.subarray(0, file.length - 100), 5000)).toThrow("damaged LZMA");
    expect(() => decodeLzma(file.subarray(0, 10), 5000)).toThrow("damaged LZMA data");
    expect(() => decodeLzma(new Uint8Array(100).fill(255), 5000)).toThrow("damaged LZMA data");
    // Any damage either is noticed or gives other content: it never reads or writes elsewhere.
    for (let at = 13; at < file.length; at += 7) {
      const damaged = file.slice();
      damaged[at] ^= 0x55;
      try {
        expect(decodeLzma(damaged, 5000)).toHaveLength(5000);
      } catch (error) {
        expect((error as Error).message).toBe("damaged LZMA data");
      }
    }
  });
});
