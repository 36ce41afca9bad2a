import { describe, expect, it } from "vitest";
import { grown } from "../../src/profile/columns.js";
import { HashIndex, NO_ENTRY } from "../../src/profile/hash-index.js";
import { RunInterner } from "../../src/profile/run-interner.js";

describe("HashIndex", () => {
  it("finds all entries with the same hash", () => {
    const hashes = [7, 9, 7, 0xffffffff, 7, 15];
    const index = new HashIndex((entry) => hashes[entry], 2);
    for (const hash of hashes) {
      let entry = index.first(hash);
      while (entry !== NO_ENTRY) entry = index.next();
      index.add(hash);
    }
    const found: number[] = [];
    for (let entry = index.first(7); entry !== NO_ENTRY; entry = index.next()) {
      if (hashes[entry] === 7) found.push(entry);
    }
    expect(found).toEqual([0, 2, 4]);
    expect(index.first(0xffffffff)).not.toBe(NO_ENTRY);
    expect(index.length).toBe(hashes.length);
  });
});

describe("RunInterner", () => {
  it("numbers distinct runs of any length, past every growth", () => {
    const runs = new RunInterner();
    const words = Uint32Array.of(0, 1, 2, 3);
    const intern = (first: number, length: number) => {
      words[0] = first;
      return runs.intern(words, length);
    };
    expect(intern(0, 0)).toBe(0);
    for (let i = 0; i < 5000; i++) expect(intern(i, 1 + (i % 4))).toBe(i + 1);
    for (let i = 0; i < 5000; i++) expect(intern(i, 1 + (i % 4))).toBe(i + 1);
    expect(runs.length).toBe(5001);
    expect([...runs.run(4)]).toEqual([3, 1, 2, 3]);
    expect(runs.word(4, 3)).toBe(3);
    expect(runs.start(runs.length)).toBe(12_500);
  });
});

describe("grown", () => {
  it("keeps the type and the entries of the array, and adds zeros", () => {
    expect(grown(Float64Array.of(1.5, 2))).toEqual(Float64Array.of(1.5, 2, 0, 0));
    expect(grown(Uint8Array.of(1), 3)).toEqual(Uint8Array.of(1, 0, 0));
  });
});
