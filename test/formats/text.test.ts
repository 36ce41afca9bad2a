import { describe, expect, it } from "vitest";
import { mappingsOf, readText, samplesOf, typesOf } from "../support/addresses.js";

describe("Go's counts of stacks", () => {
  it("are read with any name", async () => {
    const profile = await readText(`\
# a comment before the header

goroutine profile: total 21
6 @ 0x4384b6 0x46186c
# labels: {"shard":"3"}
#	0x46186b	sync.(*Cond).Wait+0x8b	sync/cond.go:70

010 @ 0x0
--- whatever
1 @ 0x1
`);
    expect(typesOf(profile)).toEqual(["goroutine/count"]);
    // Go reads numbers with a leading 0 as octal.
    expect(samplesOf(profile)).toEqual(["6 @ 4384b5 46186b", "8 @ ffffffffffffffff"]);
    // Without a memory map everything is in one mapping.
    expect(mappingsOf(profile)).toEqual(["0-ffffffffffffffff @0"]);
    expect(typesOf(await readText("größe profile: total 1\n"))).toEqual(["größe/count"]);
  });

  it.each([
    ["10 @"],
    [" 1 @ 0x1"],
    ["1 @ 0x1 "],
    ["1 @ 0xAB"],
    ["1 @  0x1"],
    ["09 @ 0x1"],
    ["99999999999999999999 @ 0x1"],
    ["1 @ 0x11112222333344445"],
    ["what"],
  ])("are refused with a line like %j, as by pprof", async (line) => {
    await expect(readText(`threadcreate profile: total 1\n${line}\n`)).rejects.toThrow(
      /^malformed threadcreate profile: line 2: (expected|an address) /,
    );
  });
});

describe("thread profiles", () => {
  const page = (threads: string) => `--- threadz 1 ---\n\nhello\n${threads}--- Memory map: ---\n`;
  const thread = (name: string, ...lines: string[]) =>
    [`--- Thread 7f01 (name: ${name}/12) stack: ---`, ...lines, ""].join("\n");

  it("count threads with the same stack", async () => {
    const profile = await readText(
      page(
        thread("main", "  PC: 0x10 0x21", "", "  0x31 (name)") +
          thread("a/b", "  [same as previous thread]") +
          thread("x) stack", "  [same as previous thread]") +
          thread("doubled", "0x40 0x40 0x51"),
      ),
    );
    expect(typesOf(profile)).toEqual(["thread/count"]);
    expect(samplesOf(profile)).toEqual(["3 @ 10 20 30", "1 @ 40 50"]);
  });

  it("may begin with a thread, and end with one that has no stack", async () => {
    const text = `${thread("main", "0x10")}---- no stack trace for 7f02\n0x99\n`;
    expect(samplesOf(await readText(text))).toEqual(["1 @ 10"]);
  });

  it("are refused if other text or nothing follows", async () => {
    const message = /^malformed thread profile: line \d+: not a thread or a memory map/;
    await expect(readText(thread("main", "0x10"))).rejects.toThrow(message);
    await expect(readText(page("--- what ---\n"))).rejects.toThrow(message);
    await expect(readText(page(thread("a", "0x11112222333344445")))).rejects.toThrow("64 bits");
  });
});

describe("contention profiles", () => {
  it("of Go: cycles become nanoseconds", async () => {
    const profile = await readText(`\
--- mutex:
cycles/second=2000000000
sampling period=5
1000 3 @ 0x11 0x21
#	0x10	main.main+0x1	main.go:3
7 1 @
`);
    expect(typesOf(profile)).toEqual(["contentions/count", "delay/nanoseconds"]);
    expect(samplesOf(profile)).toEqual(["15 2500 @ 10 20", "5 17 @"]);
    expect(profile.period).toBe(5);
  });

  it("of C++: all attributes", async () => {
    const profile = await readText(`\
--- contentionz 1 ---
cycles/second = 0x3b9aca00
sampling period = 100
ms since reset = 1_000
discarded samples = anything
19 2 @ 0x11
--- Memory map: ---
10-20: /bin/program
`);
    expect(samplesOf(profile)).toEqual(["200 1900 @ 10"]);
    expect(profile.durationNanos).toBe(1_000_000_000);
    expect(mappingsOf(profile)).toEqual(["10-20 @0 /bin/program"]);
  });

  it("without a period are not scaled", async () => {
    const read = (attribute: string) => readText(`--- contention:\n${attribute}\n19 2 @ 0x11\n`);
    expect(samplesOf(await read("sampling period = 0"))).toEqual(["2 19 @ 10"]);
    expect(samplesOf(await read("cycles/second = 0"))).toEqual(["2 19 @ 10"]);
  });

  it("wrap at 64 bits, and read a single number as two, like pprof", async () => {
    const text = "--- mutex:\nsampling period=2\n123 @ 0x2\n1 9223372036854775807 @ 0x2\n";
    expect(samplesOf(await readText(text))).toEqual(["6 12 @ 1", "-2 1 @ 1"]);
  });

  it.each([
    ["cycles/second = x", "line 2: cycles/second is not a 64-bit number"],
    ["speed = 1", 'line 2: unknown attribute "speed"'],
    ["1 2 0x3", "line 2: expected CYCLES COUNT @ ADDRESSES"],
    ["1 99999999999999999999 @ 0x3", "line 2: a number exceeds 64 bits"],
  ])("are refused with %j", async (line, message) => {
    await expect(readText(`--- mutex:\n${line}\n`)).rejects.toThrow(
      `malformed contention profile: ${message}`,
    );
  });

  it("drop internal frames of locks", async () => {
    const { strings, dropFrames } = await readText("--- mutex:\n");
    expect(strings.get(dropFrames)).toMatch(/^RecordLockProfileData\|.*~SpinLockHolder\.\*$/);
  });
});

describe("text profiles of Java", () => {
  const NAMES = `\
 0x3 com.x.Buffer.grow  (Buffer.java:88)
 0x3 com.x.Buffer.grow2 (Buffer.java:89)
0x4 os::malloc (/usr/lib/jvm/libjvm.so)
0x5 some generated stub/JIT code
0x6 GC
 0x7 f (g) (h:1) (F.java:-1)
0x8 f ()
0x8`;

  it("of a heap: values precede counts, and are scaled up", async () => {
    const profile = await readText(`\
--- heapz 1 ---
format = java
resolution = bytes

 7048 1 @ 0x3 0x4 0x5
 1048576 2 @ 0x6 0x7 0x8 0x9
${NAMES}`);
    expect(typesOf(profile)).toEqual(["inuse_objects/count", "inuse_space/bytes"]);
    expect(samplesOf(profile)).toEqual([
      "74 527819 @ com.x.Buffer.grow2 Buffer.java:89, os::malloc libjvm.so:0, STUB :0 bytes=7048",
      "3 1658822 @ GC :0, f (g) (h:1) F.java:0, f .:0, 0 bytes=524288",
    ]);
  });

  it("of contentions: distinguished from C++ by their attributes", async () => {
    const text = (attribute: string) => `\
--- contentionz 1 ---
${attribute}
sampling period = 100
ms since reset = 2
14 1 @ 0x3
 0x3 com.x.Buffer.grow (Buffer.java:88)
`;
    const profile = await readText(text("format = java\nresolution = microseconds"));
    expect(typesOf(profile)).toEqual(["contentions/count", "delay/microseconds"]);
    expect(samplesOf(profile)).toEqual(["100 1400 @ com.x.Buffer.grow Buffer.java:88"]);
    expect(profile.durationNanos).toBe(2_000_000);
    // The name is not a sample.
    await expect(readText(text("cycles/second = 1"))).rejects.toThrow(
      "malformed contention profile: line 6",
    );
  });

  it.each([
    ["format = python\n", "line 2: the format is not java"],
    ["sampling period = 1\n", 'line 2: unknown attribute "sampling period"'],
    ["1 0 @ 0x1\n", "line 2: the number of objects is 0"],
    ["1 1 @ 0x1\n", "missing resolution"],
    ["1 1 @ 0x11112222333344445\n", "line 2: a number exceeds 64 bits"],
  ])("are refused with %j", async (lines, message) => {
    await expect(readText(`--- heapz 1 ---\n${lines}`)).rejects.toThrow(message);
  });
});
