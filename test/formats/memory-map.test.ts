import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineReader } from "../../src/formats/lines.js";
import { mapAddresses } from "../../src/formats/pprof-legacy/mappings.js";
import { type Region, readMemoryMap } from "../../src/formats/pprof-legacy/memory-map.js";
import { Budget } from "../../src/profile/budget.js";

function read(text: string, limit = 1 << 20): Region[] {
  return readMemoryMap(new LineReader(new TextEncoder().encode(text)), new Budget(limit));
}

/** Formats a region as `START-LIMIT @OFFSET FILE BUILD_ID`. */
function show({ start, limit, offset, file, buildId }: Region): string {
  const [from, to, at] = [start, limit, offset].map((value) => value.toString(16));
  return `${from}-${to} @${at} ${file} ${buildId}`.trimEnd();
}

describe("a line of a memory map", () => {
  it.each([
    ["00400000-02e00000 r-xp 00000000 00:00 0", "400000-2e00000 @0"],
    [
      "02e00000-02e8a000 r-xp 02a00000 00:00 15953927    /foo/bin",
      "2e00000-2e8a000 @2a00000 /foo/bin",
    ],
    ["02e00000-02e8a000 r-xp 000000 00:00 15953927    [vdso]", "2e00000-2e8a000 @0 [vdso]"],
    [
      "7f5e5435e000-7f5e5455e000 --xp 00002000 00:00 1531  my",
      "7f5e5435e000-7f5e5455e000 @2000 my",
    ],
    [
      "ffffffffff600000-ffffffffff601000 --xp 0 00:00 0  [v]",
      "ffffffffff600000-ffffffffff601000 @0 [v]",
    ],
    ["1000-2000 r-xp 0 00:00 15 /with space (deleted)", "1000-2000 @0 /with"],
    ["  02e00000-02e8a000: /foo/bin (@2a00000)", "2e00000-2e8a000 @2a00000 /foo/bin"],
    ["  02e00000-02e8a000: /foo/bin (deleted)", "2e00000-2e8a000 @0 /foo/bin"],
    [
      "0xff6810563000 0xff6810565000 r-xp abc_exe 87c4d5",
      "ff6810563000-ff6810565000 @0 abc_exe 87c4d5",
    ],
    ["1000-2000: /foo (@10) abc123 more", "1000-2000 @10 /foo abc123"],
    ["1000-2000", "1000-2000 @0"],
    ["I0102 12:13:14.1 77 maps.cc:123] 1000-2000: /foo", "1000-2000 @0 /foo"],
    // Accepted by pprof too, although no program writes it.
    ["10002000", "1000200-0 @0"],
    ["10000x2000 f", "1000-2000 @0 f"],
    ["1000 bad", "1000-bad @0"],
  ])("%s", (line, expected) => {
    expect(read(`${line}\n`).map(show)).toEqual([expected]);
  });

  it.each([
    ["1000-2000 rw-p 00000000 00:00 0 /foo", "is not executable"],
    ["1000-2000 r /foo", "is not executable"],
    ["11112222333344445-11112222333344446: /foo", "has more than 64 bits"],
    ["Thread 3", "is something else"],
    ["", "is empty"],
    ["0x1", "has no range"],
  ])("is ignored if it %s", (line) => {
    expect(read(`${line}\n`)).toEqual([]);
  });

  it("may use variables of earlier lines, whose first definition counts", () => {
    const lines = [
      "1-2: $build/x",
      "build = /srv/$$",
      "build=/never",
      "bui=/shorter",
      "1-2: $build/y",
      "1-2: a$build$build$other",
      "other= z ",
      "2-3: $other$buil",
    ];
    expect(read(lines.join("\n")).map(({ file }) => file)).toEqual([
      "$build/x",
      "/srv/$$/y",
      "a/srv/$$/srv/$$$other",
      "z/shorterl",
    ]);
  });

  it("is read in linear time", () => {
    const million = 1_000_000;
    const lines = [
      "a".repeat(million),
      `${"a".repeat(million / 2)}-${"b".repeat(million / 2)}`,
      `1-2${" ".repeat(million)}x`,
      `1-2 ${"r ".repeat(million / 2)}`,
      `1-2 ${"a:".repeat(million / 2)}`,
      "a:1".repeat(million / 3),
      `v=${"x".repeat(million / 2)}`,
      "$v".repeat(million / 2),
    ];
    const start = performance.now();
    expect(read(lines.join("\n"), 1 << 30).length).toBeGreaterThan(1);
    // Quadratic time would be hours.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("stops at the limit, even if variables expand to long texts", () => {
    const long = `a=${"x".repeat(60_000)}\n`;
    for (const line of ["1-2 r-xp $a/lib\n", "1-2 r $a\n", "$a\n"]) {
      expect(() => read(long + line.repeat(100), 1 << 22)).toThrow("needs more than 4 MB");
      expect(() => read(long + line.repeat(10), 1 << 22)).not.toThrow();
    }
  });

  it("stops at the limit", () => {
    expect(() => read("1-2\n".repeat(10_000))).toThrow("needs more than 1 MB");
    const long = new TextEncoder().encode("x".repeat(3 << 20));
    expect(() => readMemoryMap(new LineReader(long), new Budget(1 << 20))).toThrow(
      "line 1 is longer than",
    );
  });
});

describe("the mappings of addresses", () => {
  const region = (start: number, limit: number, offset = 0, file = "", buildId = ""): Region => {
    return { start, limit, offset, file, buildId };
  };
  const map = (regions: Region[], addresses: number[] = []) => {
    const { mappings, mappingOf } = mapAddresses(regions, addresses);
    return { mappings: mappings.map(show), of: [...mappingOf] };
  };

  it("joins parts of one file", () => {
    expect(
      map([
        region(0x1000, 0x2000, 0x8000, "a"),
        region(0x2000, 0x3000, 0x9000, "a", "id"),
        // Not the next part; a region without a name may be.
        region(0x3000, 0x4000, 0x8000, "a"),
        region(0x4000, 0x5000),
        region(0x5000, 0x6000, 0, "b"),
        region(0x6001, 0x7000, 0, "b"),
      ]).mappings,
    ).toEqual(["1000-3000 @8000 a id", "3000-5000 @8000 a", "5000-6000 @0 b", "6001-7000 @0 b"]);
  });

  it("swaps the region that looks like the program with the first one", () => {
    const files = [
      "[vdso]",
      "/lib/libc.so.6",
      "libx.so",
      "(deleted)",
      "/bin/main (deleted)",
      "/bin/y",
    ];
    const regions = files.map((file, i) => region(i * 0x100000, i * 0x100000 + 1, 0, file));
    expect(map(regions).mappings.map((line) => line.split(" ").slice(2).join(" "))).toEqual([
      "/bin/main (deleted)",
      "/lib/libc.so.6",
      "libx.so",
      "(deleted)",
      "[vdso]",
      "/bin/y",
    ]);
  });

  it("omits the copy of a program on huge pages", () => {
    const copy = region(0x200000, 0x600000, 0, "/anon_hugepage (deleted)");
    // Only if the next region is the next part of another file.
    const main = region(0x600000, 0x700000, 0x300000, "/bin/main");
    expect(map([copy, main]).mappings).toEqual(["600000-700000 @300000 /bin/main"]);
    expect(map([copy, { ...main, start: 0x600001 }]).mappings).toHaveLength(2);
  });

  it("moves the start of the program to the usual address", () => {
    expect(map([region(0x600000, 0x700000, 0x200000, "/bin/main")]).mappings).toEqual([
      "400000-700000 @0 /bin/main",
    ]);
  });

  it("assigns an address to the first mapping that contains it", () => {
    const regions = [region(0x1000, 0x2000, 0, "a"), region(0x1800, 0x3000, 0, "b")];
    expect(map(regions, [0x1000, 0x1900, 0x2000, 0xfff, 0x3000, 0])).toEqual({
      mappings: ["1000-2000 @0 a", "1800-3000 @0 b", "0-ffffffffffffffff @0"],
      of: [0, 0, 1, 2, 2, -1],
    });
  });

  it("widens a mapping to the missing part of its file", () => {
    const regions = [region(0x9000, 0xa000, 0x1000, "a"), region(0x9800, 0xb000, 0x4000, "b")];
    // Initially 6000 is only in the missing part of b; b is widened, and then contains 8800 too.
    expect(map(regions, [0x6000, 0x8800, 0x8900])).toEqual({
      mappings: ["9000-a000 @1000 a", "5800-b000 @0 b"],
      of: [1, 1, 1],
    });
    // No mapping is widened once a mapping for all other addresses exists.
    expect(map(regions, [0x10, 0x6000])).toEqual({
      mappings: ["9000-a000 @1000 a", "9800-b000 @4000 b", "0-ffffffffffffffff @0"],
      of: [2, 2],
    });
  });

  it("equals the result of a search through all mappings", () => {
    const small = fc.integer({ min: 1, max: 60 });
    const regions = fc.array(
      fc.record({ start: small, length: fc.nat(12), offset: fc.nat(30), name: fc.nat(3) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(regions, fc.array(fc.nat(75), { maxLength: 20 }), (list, addresses) => {
        // Names differ from line to line, so that no regions are joined.
        const made = list.map(({ start, length, offset }, i) =>
          region(start, start + length, offset, `[${i}]`),
        );
        const { mappings, mappingOf } = mapAddresses(made, addresses);
        const expected = searchAll(made, addresses);
        expect([...mappingOf]).toEqual(expected.mappingOf);
        expect(mappings.map(show)).toEqual(expected.mappings.map(show));
      }),
      { numRuns: 2000 },
    );
  });

  /** A simple version that takes quadratic time. */
  function searchAll(regions: Region[], addresses: number[]) {
    const mappings = regions.map((one) => ({ ...one }));
    const mappingOf = addresses.map((address) => {
      if (address === 0) return -1;
      const found = mappings.findIndex(({ start, limit }) => start <= address && address < limit);
      if (found >= 0) return found;
      const before = mappings.findIndex(
        ({ start, offset }) =>
          Number(start) - Number(offset) >= 0 &&
          Number(start) - Number(offset) <= address &&
          address < start,
      );
      if (before >= 0) {
        const mapping = mappings[before];
        mapping.start = Number(mapping.start) - Number(mapping.offset);
        mapping.offset = 0;
        return before;
      }
      return mappings.push({ ...region(0, 0), limit: 2n ** 64n - 1n }) - 1;
    });
    return { mappings, mappingOf };
  }

  it("is fast for many mappings and addresses", () => {
    const count = 50_000;
    const regions = Array.from({ length: count }, (_, i) =>
      region(0x2000000 + i * 32, 0x2000000 + i * 32 + 8, 0x1000000 + i * 16, `[${i}]`),
    );
    const addresses = Array.from({ length: count }, (_, i) => 0x1000000 + i * 16);
    const start = performance.now();
    const { mappingOf } = mapAddresses(regions, addresses);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(mappingOf[0]).toBe(0);
  });
});
