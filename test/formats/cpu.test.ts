import { describe, expect, it } from "vitest";
import {
  locationsOf,
  mappingsOf,
  readBytes,
  readText,
  samplesOf,
  typesOf,
} from "../support/addresses.js";
import { LAYOUTS, writeCpuProfile } from "../support/cpu-profile.js";

const MAPS = `\
00400000-00402000 r-xp 00000000 08:01 77        /bin/program
00601000-00602000 rw-p 00001000 08:01 77        /bin/program
7f0000-7f8000 r-xp 00002000 08:01 78        /lib/libc.so.6
`;

describe("the CPU profile of gperftools", () => {
  it.each(LAYOUTS)("is read with words of any layout: %j", async (layout) => {
    const samples = [
      [3, 0x400100, 0x400200, 0x7f0010],
      [1, 0x7f0020, 0x400300],
    ];
    const profile = await readBytes(writeCpuProfile(samples, MAPS, layout));
    expect(typesOf(profile)).toEqual(["samples/count", "cpu/nanoseconds"]);
    expect(profile.period).toBe(10_000_000);
    expect(samplesOf(profile)).toEqual([
      "3 30000000 @ 400100 4001ff 7f000f",
      "1 10000000 @ 7f0020 4002ff",
    ]);
    expect(mappingsOf(profile)).toEqual([
      "400000-402000 @0 /bin/program",
      "7f0000-7f8000 @2000 /lib/libc.so.6",
    ]);
    expect(locationsOf(profile)).toEqual([
      "400100 1",
      "4001ff 1",
      "7f000f 2",
      "7f0020 2",
      "4002ff 1",
    ]);
  });

  it("keeps all 64 bits of addresses and counts", async () => {
    const samples = [
      [2n ** 53n + 1n, 0xffffffff81000001n, 0xffffffff81000012n, 0n],
      [1n, 0x10n, 0x21n],
    ];
    const profile = await readBytes(writeCpuProfile(samples));
    // The nanoseconds exceed 64 bits and wrap as in Go; the address before 0 is the largest.
    const nanoseconds = BigInt.asIntN(64, (2n ** 53n + 1n) * 10_000_000n);
    expect(samplesOf(profile)).toEqual([
      `9007199254740993 ${nanoseconds} @ ffffffff81000001 ffffffff81000011 ffffffffffffffff`,
      "1 10000000 @ 10 20",
    ]);
  });

  it("drops up to two frames of the signal handler, which nearly all samples have", async () => {
    const samples = (handler: number[]) =>
      Array.from({ length: 64 }, (_, i) => [1, 0x1000 + i, ...handler, 0x500000 + i * 2, 0x600000]);
    const read = async (stacks: number[][]) => samplesOf(await readBytes(writeCpuProfile(stacks)));
    const plain = await read(samples([]));
    expect(plain[0]).toBe("1 10000000 @ 1000 4fffff 5fffff");
    expect(await read(samples([0x777]))).toEqual(plain);
    expect(await read(samples([0x777, 0x888]))).toEqual(plain);
    expect((await read(samples([0x777, 0x888, 0x999])))[0]).toBe(
      "1 10000000 @ 1000 998 4fffff 5fffff",
    );
    // One of 32 samples may lack the frame, and keeps all its frames.
    const mixed = samples([0x777]);
    mixed[0] = [1, 0x1000, 0x666];
    mixed[1] = [1, 0x1001, 0x667];
    expect((await read(mixed)).slice(0, 3)).toEqual([
      "1 10000000 @ 1000 665",
      "1 10000000 @ 1001 666",
      "1 10000000 @ 1002 500003 5fffff",
    ]);
    mixed[2] = [1, 0x1002, 0x668];
    expect((await read(mixed))[3]).toBe("1 10000000 @ 1003 776 500005 5fffff");
  });

  it("drops a leaf that is repeated as a call, but keeps its location", async () => {
    const samples = [
      [1, 0x1000, 0x1000, 0x2001],
      [1, 0x1000, 0x1005, 0x2001],
      [1, 0x3000, 0x1001],
    ];
    const profile = await readBytes(writeCpuProfile(samples));
    expect(samplesOf(profile)).toEqual([
      "1 10000000 @ 1000 2000",
      "1 10000000 @ 1000 1004 2000",
      "1 10000000 @ 3000 1000",
    ]);
    expect(locationsOf(profile).map((line) => line.split(" ")[0])).toEqual([
      "1000",
      "fff",
      "2000",
      "1004",
      "3000",
    ]);
  });

  it("may end without the end marker, and with half an address", async () => {
    const whole = writeCpuProfile(
      [
        [1, 0x10],
        [2, 0x20, 0x31],
      ],
      "",
      LAYOUTS[0],
      { end: false },
    );
    const stacks = ["1 10000000 @ 10", "2 20000000 @ 20 30"];
    expect(samplesOf(await readBytes(whole))).toEqual(stacks);
    // Like pprof: missing bytes of the last addresses are 0.
    expect(samplesOf(await readBytes(whole.subarray(0, -4)))).toEqual([
      stacks[0],
      "2 20000000 @ 20 ffffffffffffffff",
    ]);
    await expect(readBytes(whole.subarray(0, -12))).rejects.toThrow(
      "malformed CPU profile: sample 1 at byte 64 is longer than the file",
    );
  });

  it("is refused if a stack is longer than the file", async () => {
    for (const layout of LAYOUTS) {
      const bytes = writeCpuProfile([[1, 2, 3]], "", layout);
      const depth = bytes.subarray(6 * layout.bytes, 7 * layout.bytes);
      depth.fill(0xff);
      await expect(readBytes(bytes)).rejects.toThrow("sample 0 at byte");
    }
  });

  it("has its own patterns of frames to drop", async () => {
    const { strings, dropFrames, keepFrames } = await readBytes(writeCpuProfile([[1, 2]]));
    expect(strings.get(dropFrames)).toBe(
      "ProfileData::Add|ProfileData::prof_handler|CpuProfiler::prof_handler|__pthread_sighandler|__restore",
    );
    expect(strings.get(keepFrames)).toBe("");
  });
});

describe("the CPU profile of Java", () => {
  const NAMES = `\
  0x10 com.x.Main.run (Main.java:7)
  0x11 com.x.Main.run (Other.java:9)
  0x12 malloc (/usr/lib/libc.so)
  0x99 never.called (Never.java:1)
`;

  it.each(LAYOUTS)("has names instead of addresses: %j", async (layout) => {
    const bytes = writeCpuProfile([[2, 0x10, 0x11, 0x12, 0x13]], NAMES, layout, { language: 1 });
    const profile = await readBytes(bytes);
    // A function keeps its first file. An address without a name is dropped.
    expect(samplesOf(profile)).toEqual([
      "2 20000000 @ com.x.Main.run Main.java:7, com.x.Main.run Main.java:9, malloc libc.so:0, 0",
    ]);
    expect(locationsOf(profile)).toEqual(["0 0", "0 0", "0 0", "0 1"]);
    expect(mappingsOf(profile)).toEqual(["0-ffffffffffffffff @0"]);
  });
});

describe("inputs that begin like a CPU profile but are none", () => {
  it.each([
    ["another number of words", [0, 4, 0, 10_000, 0]],
    ["another language", [0, 3, 2, 10_000, 0]],
    ["no period", [0, 3, 0, 0, 0]],
    ["no padding", [0, 3, 0, 10_000, 1]],
  ])("%s", async (_, header) => {
    const words = new BigUint64Array(header.map(BigInt));
    await expect(readBytes(new Uint8Array(words.buffer))).rejects.toThrow("binary data");
    await expect(readText("\0\0\0")).rejects.toThrow("begins with zero bytes");
  });
});
