import { describe, expect, it } from "vitest";
import { mappingsOf, readText, samplesOf, typesOf } from "../support/addresses.js";

/** Samples of 4 objects of 4096 bytes scale by 1 / (1 - exp(-4096 / 524288)) = 128.5007. */
const PROFILE = `\
heap_v2/524288
  t*: 7: 802816 [0: 0]
  t0: 4: 16384 [0: 0]
  t1: 3: 786432 [0: 0]
@ 0x55d0c0de1010 0x55d0c0de2020
  t*: 4: 16384 [0: 0]
  t0: 4: 16384 [0: 0]
@ 0x55d0c0de1010 0x55d0c0de3030
  t*: 3: 786432 [0: 0]
  t1: 3: 786432 [0: 0]
@ 0x55d0c0de4040
  t*: 0: 0 [0: 0]

MAPPED_LIBRARIES:
55d0c0de0000-55d0c0df0000 r-xp 00000000 08:01 42 /opt/app/server
7f0000000000-7f0000001000 rw-p 00000000 00:00 0
`;

describe("heap profiles of jemalloc", () => {
  it("have the values of all threads, scaled up", async () => {
    const profile = await readText(PROFILE);
    expect(typesOf(profile)).toEqual(["inuse_objects/count", "inuse_space/bytes"]);
    expect(samplesOf(profile)).toEqual([
      "514 2105354 @ 55d0c0de100f 55d0c0de201f bytes=4096",
      "7 1998712 @ 55d0c0de100f 55d0c0de302f bytes=262144",
      "0 0 @ 55d0c0de403f bytes=0",
    ]);
    expect(mappingsOf(profile)).toEqual(["55d0c0de0000-55d0c0df0000 @0 /opt/app/server"]);
    expect(profile.period).toBe(524288);
    expect(samplesOf(await readText(PROFILE.replaceAll("\n", "\r\n")))).toHaveLength(3);
  });

  it("have the allocations too, if jemalloc accumulated them", async () => {
    const profile = await readText(
      "heap_v2/1\nt*: 1: 8 [3: 24]\n@ 0x11\n t*: 1: 8 [2: 16]\n@ 0x21\nt*: 0: 0 [1: 8]\n@\nt*: 0: 0 [0: 0]\n",
    );
    expect(typesOf(profile)).toEqual([
      "alloc_objects/count",
      "alloc_space/bytes",
      "inuse_objects/count",
      "inuse_space/bytes",
    ]);
    expect(samplesOf(profile)).toEqual([
      "2 16 1 8 @ 10 bytes=8",
      "1 8 0 0 @ 20 bytes=8",
      "0 0 0 0 @ bytes=0",
    ]);
  });

  it.each([
    ["t*: 1 8 [3: 24]", "line 2: expected t*: COUNT: BYTES"],
    ["t*: 1: 99999999999999999999 [3: 24]", "line 2: a number exceeds 64 bits"],
    ["@ 0x1\nt*: 1: 8 [0: 0]\nt*: 1: 8 [0: 0]", "line 4: a stack has two lines"],
    ["@ 0x11112222333344445\nt*: 1: 8 [0: 0]", "line 3: an address exceeds 64 bits"],
    ["what", "line 2: expected a stack"],
  ])("are refused with %j", async (lines, message) => {
    await expect(readText(`heap_v2/524288\n${lines}\n`)).rejects.toThrow(
      `malformed jemalloc heap profile: ${message}`,
    );
    await expect(readText(`heap_v2/${"9".repeat(30)}\n`)).rejects.toThrow("the period exceeds");
  });
});
