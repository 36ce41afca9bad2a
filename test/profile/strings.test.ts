import { describe, expect, it } from "vitest";
import type { StringIndex } from "../../src/profile/indices.js";
import { StringInterner, StringTable } from "../../src/profile/strings.js";
import { encodeUtf8 } from "../../src/profile/utf8.js";

/** FNV-1a from a given state: the table's hash before its final mix. */
function fnv(state: number, text: string): number {
  let hash = state;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Returns 2 ** blocks texts with the same hash: each step has two blocks that lead to one state. */
function collidingTexts(blocks: number): string[] {
  let state = 0x811c9dc5;
  let texts = [""];
  const textOf = (n: number) => n.toString(36).padStart(6, "0");
  for (let block = 0; block < blocks; block++) {
    // By slot of the state: the last number that led there.
    const seen = new Int32Array(1 << 22).fill(-1);
    for (let n = 0; ; n++) {
      const next = fnv(state, textOf(n));
      const slot = next % seen.length;
      const other = seen[slot];
      seen[slot] = n;
      if (other >= 0 && fnv(state, textOf(other)) === next) {
        texts = texts.flatMap((start) => [start + textOf(other), start + textOf(n)]);
        state = next;
        break;
      }
    }
  }
  return texts;
}

describe("StringInterner", () => {
  it("distinguishes strings that were crafted to collide, and finds repeated ones", () => {
    const texts = collidingTexts(8);
    expect(new Set(texts).size).toBe(256);
    const empty = new StringTable(new Uint8Array(0), Uint32Array.of(0, 0));
    const table = empty.extend([...texts, ...texts].map(encodeUtf8));
    // Make sure that they collide.
    expect(new Set(texts.map((_, i) => table.hash((i + 1) as StringIndex))).size).toBe(1);
    const interner = new StringInterner(table);
    for (let i = 1; i < table.length; i++) {
      expect(interner.canonical(i as StringIndex)).toBe(((i - 1) % texts.length) + 1);
    }
  });
});
