import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { demangle } from "../../src/demangle/index.js";
import { commandSpec } from "../../src/options/commands.js";
import { defaultOptions, type Options } from "../../src/options/table.js";
import { ProfileError } from "../../src/profile/errors.js";
import { renderTop } from "../../src/render/top.js";
import { reportInput } from "../../src/report/input.js";
import { top } from "../../src/report/top.js";
import { prepareProfile } from "../../src/view/prepare.js";
import { compileRe2 } from "../../src/view/re2.js";
import { selectView } from "../../src/view/select.js";
import { readBytes } from "../support/addresses.js";
import { LAYOUTS, writeCpuProfile } from "../support/cpu-profile.js";
import { ROOT } from "../support/proto.js";
import { SEEDED, useRecordedPprof } from "../support/recorded-pprof.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-formats-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pprof = useRecordedPprof("formats");

const ARGS = ["-top", "-symbolize=none", "-addresses", "-trim=false", "-sample_index=0"];
const OPTIONS: Options = {
  ...defaultOptions(),
  symbolize: "none",
  granularity: "addresses",
  trim: false,
  sample_index: "0",
};

/** Returns the report of `go tool pprof`, or undefined if it refuses the file. */
async function theirs(file: string): Promise<string | undefined> {
  const env = { HOME: folder, PPROF_TMPDIR: folder };
  const { code, stdout } = await pprof([...ARGS, file], { env });
  return code === 0 ? stdout : undefined;
}

async function ours(file: string): Promise<string | undefined> {
  try {
    const read = await readBytes(readFileSync(file));
    const { profile } = prepareProfile(read, OPTIONS, { compile: compileRe2, demangle });
    const report = top(
      reportInput(selectView(profile, OPTIONS, compileRe2), OPTIONS, commandSpec("top")),
    );
    return renderTop(report, String, false);
  } catch (error) {
    if (error instanceof ProfileError) return undefined;
    throw error;
  }
}

const word = fc.oneof(
  fc.integer({ min: 0x400000, max: 0x400040 }),
  fc.integer({ min: 0x7f0000, max: 0x7f0040 }),
  fc.integer({ min: 0, max: 3 }),
);
const wide = fc.constantFrom(2n ** 64n - 1n, 0xffffffff81000000n, 0x7fd312345678n, 2n ** 53n);
const address = fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: wide });
const stackText = fc
  .array(address, { maxLength: 5 })
  .map((stack) => stack.map((value) => ` 0x${value.toString(16)}`).join(""));
const lines = (line: fc.Arbitrary<string>, maxLength = 6) =>
  fc.array(line, { maxLength }).map((all) => all.map((text) => `${text}\n`).join(""));
/** Replaces each placeholder `{}` in `text` by a value. */
const fill = (text: string, ...values: fc.Arbitrary<unknown>[]) =>
  fc.tuple(...values).map((made) => {
    let next = 0;
    return text.replace(/\{\}/g, () => String(made[next++]));
  });

const hex = (min: number, max: number) =>
  fc.integer({ min, max }).map((value) => value.toString(16).padStart(8, "0"));
const start = hex(0x3ffff0, 0x400020);
const limit = hex(0x400010, 0x400050);
const offset = fc.constantFrom("0", "0", "10", "400000", "3ffff8", "1000");
const file = fc.constantFrom("/bin/main", "/bin/main", "/lib/libc.so.6", "[vdso]", "$dir/x", "");
const comment = fc.constantFrom("", "# comment", "#\t0x1\tmain\tmain.go:1");

const memoryMap = lines(
  fc.oneof(
    fill("{}-{} r-xp {} 08:01 77 {}", start, limit, offset, file),
    fill("7f0000-7f00{} r-xp {} 08:01 77 {}", hex(0x10, 0x20), offset, file),
    fill("  {}-{}: {} (@{})", start, limit, file, offset),
    fill("{} {} {}", start, limit, file),
    fill("{}-{} rw-p {} 08:01 77 {}", start, limit, offset, file),
    fc.constantFrom("dir=/srv", "dir = /opt", "garbage", "400000-400010 r-xp 0 00:00 0", ""),
  ),
);
const withMemoryMap = (text: fc.Arbitrary<string>, sentinel: string) =>
  fc
    .tuple(text, fc.option(memoryMap))
    .map(([body, map]) => (map === null ? body : `${body}${sentinel}\n${map}`));

// No sample is 0: pprof of 2022 omits zeros, current versions do not.
const small = fc.integer({ min: 1, max: 40 });
const size = fc.integer({ min: 1, max: 100_000 });
const sums = fc.constantFrom("1: 10 [1: 10]", "1: 10 [2: 10]", "1: 10 [ 0: 0]");
const heapKind = fc.constantFrom(
  "heapprofile",
  "heap_v2/524288",
  "heap/32768",
  "growth",
  "fragmentation",
  "heap_v2/1",
);
const objects = fc.tuple(small, size).map((all) => all.join(": "));
const heapSample = fill("{} [{}] @{}", objects, objects, stackText);
const heap = withMemoryMap(
  fill("heap profile: {} @ {}\n{}", sums, heapKind, lines(fc.oneof(heapSample, comment))),
  "MAPPED_LIBRARIES:",
);

const count = withMemoryMap(
  fill(
    "{}\ngoroutine profile: total {}\n{}",
    comment,
    small,
    lines(fc.oneof(fill("{} @{} 0x5", small, stackText), comment)),
  ),
  "--- Memory map: ---",
);

const contention = withMemoryMap(
  fill(
    "--- {}\n{}{}",
    fc.constantFrom("mutex:", "contention:", "contentionz 1 ---"),
    lines(
      fc.oneof(
        fill("cycles/second = {}", fc.constantFrom(1_000_000_000, 2_596_169_322, 0)),
        fill("sampling period = {}", fc.constantFrom("1", "0x10", "0", "010")),
        fill("discarded samples = {}", small),
        comment,
      ),
      3,
    ),
    lines(fc.oneof(fill("{} {} @{}", size, small, stackText), comment)),
  ),
  "--- Memory map: ---",
);

const threads = fill(
  "{}{}--- Memory map: ---\n{}",
  fc.constantFrom("--- threadz 1 ---\n\nhello\n", ""),
  fc
    .array(
      fill(
        "--- Thread 7f01 (name: {}/12) stack: ---\n{}\n",
        fc.constantFrom("main", "a/b", "x) stack"),
        fc.oneof(stackText, stackText, fc.constant("  [same as previous thread]")),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((all) => all.join("")),
  memoryMap,
);

const javaNames = lines(
  fill(
    "{} 0x40000{} {}",
    fc.constantFrom("", " "),
    fc.nat(9),
    fc.constantFrom(
      "com.x.Main.run (Main.java:7)",
      "com.x.Main.run (Other.java:-1)",
      "two  blanks (a b.java:3)",
      "malloc (/usr/lib/libc.so/)",
      "generated stub/JIT",
      "GC",
      "f (g) (h:1",
    ),
  ),
  12,
);
const javaStack = fc
  .array(fc.nat(9), { maxLength: 5 })
  .map((stack) => stack.map((value) => ` 0x40000${value}`).join(""));
const java = fill(
  "--- {}{}{}",
  fc.constantFrom(
    "heapz 1 ---\nformat = java\nresolution = bytes\n",
    "contentionz 1 ---\nformat = java\nresolution = microseconds\nsampling period = 100\n",
    "contentionz 1 ---\nresolution = microseconds\n",
  ),
  lines(fill(" {} {} @ {}", size, small, javaStack)),
  javaNames,
);

const cpu = fc
  .record({
    layout: fc.constantFrom(...LAYOUTS),
    handler: fc.constantFrom([], [0x1234], [0x1234, 0x5678]),
    samples: fc.array(
      fc.record({ seen: small, stack: fc.array(word, { maxLength: 4 }), doubled: fc.boolean() }),
      { maxLength: 40 },
    ),
    header: fc.record({
      language: fc.constantFrom(0, 0, 0, 1),
      period: fc.constantFrom(1, 4000, 2 ** 31),
      end: fc.boolean(),
    }),
    map: memoryMap,
    names: javaNames,
  })
  .map(({ layout, handler, samples, header, map, names }) =>
    writeCpuProfile(
      samples.map(({ seen, stack: [leaf, ...callers], doubled }) =>
        leaf === undefined
          ? [seen]
          : [seen, leaf, ...handler, ...(doubled ? [leaf] : []), ...callers],
      ),
      header.end ? (header.language === 1 ? names : map) : "",
      layout,
      header,
    ),
  );

const FORMATS: [string, fc.Arbitrary<string | Uint8Array>][] = [
  ["heap", heap],
  ["count", count],
  ["contention", contention],
  ["thread", threads],
  ["Java", java],
  ["CPU", cpu],
];

describe("reports on old formats equal those of the installed go tool pprof", () => {
  let serial = 0;
  it.each(FORMATS)("random %s profiles", async (_, profiles) => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(profiles, async (content) => {
        const name = path.join(folder, `profile-${serial++}`);
        writeFileSync(name, content);
        const expected = await theirs(name);
        expect(await ours(name)).toBe(expected);
        if (expected !== undefined) read++;
      }),
      { ...SEEDED, numRuns: 20 },
    );
    // Make sure that pprof does not refuse most of them.
    expect(read).toBeGreaterThan(10);
  });

  const real = [
    "cpp-cpu.prof",
    "legacy/cpp-heap.prof",
    "legacy/cpp-heapsample.txt",
    "legacy/cpp-growth.txt",
    "legacy/go-heap.debug1.txt",
    "legacy/go-goroutine.debug1.txt",
    "legacy/go-threadcreate.debug1.txt",
    "legacy/go-threadcreate-stacks.debug1.txt",
    "legacy/go-block.debug1.txt",
    "legacy/go-mutex.debug1.txt",
    "legacy/hand-contentionz.txt",
    "legacy/hand-threadz.txt",
    "legacy/hand-fragmentation.txt",
    "legacy/hand-java-heap.txt",
    "legacy/hand-java-contention.txt",
  ];
  it.each(real)("%s", async (name) => {
    const file = path.join(ROOT, "fixtures", name);
    const expected = await theirs(file);
    expect(await ours(file)).toBe(expected);
    expect(expected === undefined).toBe(name === "legacy/go-threadcreate.debug1.txt");
  });
});
