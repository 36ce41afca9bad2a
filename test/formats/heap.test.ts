import { describe, expect, it } from "vitest";
import { mappingsOf, readText, samplesOf, typesOf } from "../support/addresses.js";

describe("heap profiles of gperftools", () => {
  it("with every allocation: types in use come last", async () => {
    const profile = await readText(`\
heap profile:      3:     4100 [     8:    12400] @ heapprofile
     1:     4096 [     2:     8192] @ 0x401001 0x402001
     2:        4 [     6:     4208] @ 0x403001
     0:        0 [     4:      400] @
     5:        0 [     5:        0] @ 0x403001

MAPPED_LIBRARIES:
00400000-00500000 r-xp 00000000 08:01 77 /bin/program
`);
    expect(typesOf(profile)).toEqual([
      "alloc_objects/count",
      "alloc_space/bytes",
      "inuse_objects/count",
      "inuse_space/bytes",
    ]);
    expect(samplesOf(profile)).toEqual([
      "2 8192 1 4096 @ 401000 402000 bytes=4096",
      "6 4208 2 4 @ 403000 bytes=2",
      "4 400 0 0 @ bytes=100",
      "5 0 5 0 @ 403000 bytes=0",
    ]);
    expect(mappingsOf(profile)).toEqual(["400000-500000 @0 /bin/program"]);
    expect(profile.period).toBe(1);
  });

  it("have two values if allocations are unknown or equal the memory in use", async () => {
    for (const sums of ["1: 10 [1: 10]", "1: 10 [0: 0]", "1: 10 [1: 0]"]) {
      const profile = await readText(`heap profile: ${sums} @ heapprofile\n1: 10 [2: 20] @ 0x9\n`);
      expect(typesOf(profile)).toEqual(["objects/count", "space/bytes"]);
      expect(samplesOf(profile)).toEqual(["1 10 @ 8 bytes=10"]);
    }
  });

  it.each([
    // 10 objects of 1000 bytes with one sample per 16384: 1 / (1 - exp(-1000 / 16384)) = 16.889.
    ["heap_v2/16384", "168 168890", 16384],
    ["heapz_v2/16384", "168 168890", 16384],
    // Go writes twice the rate.
    ["heap/32768", "168 168890", 16384],
    ["heap/3", "10 10000", 1],
    ["heap_v2/1", "10 10000", 1],
    ["heap_v2", "10 10000", 0],
    ["heapprofile", "10 10000", 1],
    ["growth", "10 10000", 1],
    ["growthz", "10 10000", 1],
    ["fragmentation", "10 10000", 1],
  ])("@ %s", async (kind, values, period) => {
    const profile = await readText(
      `heap profile: 10: 10000 [10: 10000] @ ${kind}\n10: 10000 [10: 10000] @ 0x401001\n`,
    );
    expect(samplesOf(profile)).toEqual([`${values} @ 401000 bytes=1000`]);
    expect(profile.period).toBe(period);
  });

  it("allow comments, blank lines and extra spaces", async () => {
    const profile = await readText(
      "log: heap profile:1:5[1:5]@heapprofile\r\n# comment\n\n\t1:5[1:5] @0x8 0x9\r\n",
    );
    expect(samplesOf(profile)).toEqual(["1 5 @ 7 8 bytes=5"]);
  });

  it.each([
    ["1 10 @ 0x1", "line 3: expected COUNT: BYTES [COUNT: BYTES] @ ADDRESSES"],
    ["0: 10 [0: 0] @ 0x1", "line 3: 0 objects with 10 bytes"],
    ["9223372036854775808: 10 [1: 1] @ 0x1", "line 3: a number exceeds 64 bits"],
    ["1: 10 [1: 1] @ 0x12345678123456789", "line 3: an address exceeds 64 bits"],
  ])("are refused with a line like %s", async (line, message) => {
    await expect(readText(`heap profile: 1: 1 [1: 1] @ heapprofile\n\n${line}\n`)).rejects.toThrow(
      `malformed heap profile: ${message}`,
    );
  });

  it("are not recognized if their kind is unknown", async () => {
    await expect(readText("heap profile: 1: 1 [1: 1] @ heapster/5\n")).rejects.toThrow(
      "unrecognized profile format",
    );
  });

  it("drop frames of allocators, and keep callees of Go", async () => {
    const { strings, dropFrames, keepFrames } = await readText(
      "heap profile: 1: 1 [1: 1] @ growth\n",
    );
    expect(strings.get(dropFrames)).toMatch(
      /^calloc\|cfree\|.*\|tc_new\|.*\|simple_alloc::allocate$/,
    );
    expect(strings.get(keepFrames)).toBe(
      "runtime\\.panic|runtime\\.reflectcall|runtime\\.call[0-9]*",
    );
  });
});
