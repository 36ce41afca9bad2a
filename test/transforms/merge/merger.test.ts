import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { int64At, uint64At } from "../../../src/profile/columns.js";
import type { Profile } from "../../../src/profile/profile.js";
import { encodeProfile } from "../../../src/profile/wire/encode.js";
import { ProfileMerger } from "../../../src/transforms/merge/merger.js";
import { drawProfile, type ProfileParts, profileOf } from "../../support/text-profile.js";

function merge(...profiles: Profile[]): Profile {
  const merger = new ProfileMerger();
  for (const profile of profiles) merger.add(profile);
  return merger.finish();
}

/** The samples of the merged profiles, which are drawn as text. */
const merged = (...texts: string[]) => drawProfile(merge(...texts.map((text) => profileOf(text))));

describe("samples", () => {
  it("with the same stack and labels are added, in order of appearance", () => {
    expect(
      merged(
        "main;a 1\nmain;b 2\nmain;a 4 {k=x}",
        "main;b 10\nmain;c 20\nmain;a 40 {k=x}\nmain;a 80 {k=y}",
      ),
    ).toEqual(["main;a 1", "main;b 12", "main;a 44 {k=x}", "main;c 20", "main;a 80 {k=y}"]);
  });

  it("of one profile are merged too", () => {
    expect(merged("a 1\nb 1\na 2")).toEqual(["a 3", "b 1"]);
  });

  it("differ by stack, however its frames are divided", () => {
    expect(merged("a;b 1\na>b 2\nb;a 4\na 8\na;a 16\n- 32")).toHaveLength(6);
  });

  it("have equal labels in any order of keys, but not of values", () => {
    expect(merged("a 1 {k=x j=y n:1}\na 2 {n:1 j=y k=x}\na 4 {k=x k=y}\na 8 {k=y k=x}")).toEqual([
      "a 3 {j=y k=x n:1}",
      "a 4 {k=x k=y}",
      "a 8 {k=y k=x}",
    ]);
  });

  it("have different labels if units differ", () => {
    expect(merged("a 1 {n:5}\na 2 {n:5bytes}\na 4 {n:5bytes}")).toEqual([
      "a 1 {n:5}",
      "a 6 {n:5bytes}",
    ]);
  });

  it("with the value 0 are removed with everything that only they use", () => {
    const profile = merge(profileOf("gone;main 0\nmain;a 5\nb 7"), profileOf("main;a -5\nc 0"));
    expect(drawProfile(profile)).toEqual(["b 7"]);
    expect(profile.functions.length).toBe(1);
    expect(profile.locations.length).toBe(1);
  });

  it("add up exactly, and wrap around as Go's int64 does", () => {
    const two53 = 2n ** 53n;
    const max = 2n ** 63n - 1n;
    expect(merged(`a ${two53}\nb ${max}`, `a 1\nb 1`)).toEqual([
      `a ${two53 + 1n}`,
      `b ${-(2n ** 63n)}`,
    ]);
  });
});

describe("any number of profiles", () => {
  const name = fc.constantFrom("a", "b", "c");
  const line = fc
    .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.integer({ min: -3, max: 9 }), name)
    .map(([stack, value, label]) => `${stack.join(";")} ${value} {k=${label}}`);
  const texts = fc.array(fc.array(line, { maxLength: 6 }), { minLength: 1, maxLength: 5 });

  it("has the sum of their values for each stack and labels", () => {
    fc.assert(
      fc.property(texts, (profiles) => {
        const sums = new Map<string, number>();
        for (const text of profiles.flat()) {
          const [, stack, value, labels] = /^(\S+) (\S+) (.*)$/.exec(text) ?? [];
          const key = `${stack} ${labels}`;
          sums.set(key, (sums.get(key) ?? 0) + Number(value));
        }
        const expected = [...sums].filter(([, sum]) => sum !== 0);
        const lines = merged(...profiles.map((lines) => lines.join("\n"))).map((text) => {
          const [, stack, value, labels] = /^(\S+) (\S+) (.*)$/.exec(text) ?? [];
          return [`${stack} ${labels}`, Number(value)];
        });
        expect(lines.sort()).toEqual(expected.sort());
      }),
    );
  });

  it("has the same result when merged in steps", () => {
    fc.assert(
      fc.property(texts, texts, (first, second) => {
        const [a, b] = [first, second].map((list) =>
          list.map((lines) => profileOf(lines.join("\n"))),
        );
        const positive = (profile: Profile) => drawProfile(profile).sort();
        expect(positive(merge(merge(...a), merge(...b)))).toEqual(positive(merge(...a, ...b)));
      }),
    );
  });
});

describe("locations", () => {
  /** The addresses of the merged locations, in hexadecimal. */
  const addresses = ({ locations }: Profile) =>
    Array.from({ length: locations.length }, (_, row) =>
      uint64At(locations.address, row).toString(16),
    );

  /** A profile with one binary, loaded at `start`. */
  function loadedAt(start: number, text: string, size = 0x5000, file = "/bin/app"): Profile {
    const profile = profileOf(text, { binaries: [file] });
    const { mappings } = profile;
    mappings.start.lo[0] = start;
    mappings.limit.lo[0] = start + size;
    return profile;
  }

  it("are equal wherever their binary was loaded, and keep the first address", () => {
    const profile = merge(
      loadedAt(0x10000, "[/bin/app]#10100;a[/bin/app]#10200 1"),
      loadedAt(0x70000, "[/bin/app]#70100;a[/bin/app]#70200 2\n[/bin/app]#70300 4"),
    );
    expect(profile.mappings.length).toBe(1);
    expect(addresses(profile)).toEqual(["10200", "10100", "10300"]);
    expect(drawProfile(profile)).toHaveLength(2);
  });

  it("may be below the start of their binary, and above 2^32", () => {
    const low = loadedAt(0x90000, "[/bin/app]#100 1");
    const high = loadedAt(0x20, "[/bin/app]#100 1");
    high.mappings.start.hi[0] = 1;
    high.mappings.limit.hi[0] = 1;
    const moved = BigInt.asUintN(64, 0x90000n + 0x100n - 0x20n - 2n ** 32n);
    expect(addresses(merge(low, high))).toEqual(["100", moved.toString(16)]);
  });

  it("are equal if the sizes of their binaries differ by less than a page", () => {
    const text = "[/bin/app]#10100 1";
    expect(
      merge(loadedAt(0x10000, text, 0x4001), loadedAt(0x10000, text, 0x4fff)).mappings.length,
    ).toBe(1);
    expect(
      merge(loadedAt(0x10000, text, 0x4001), loadedAt(0x10000, text, 0x3fff)).mappings.length,
    ).toBe(2);
  });

  it("keep the main binary first, even if samples use another one first", () => {
    const { mappings, strings } = merge(
      profileOf("x[/lib/b.so] 1\nmain[/bin/app] 1", { binaries: ["/bin/app", "/lib/b.so"] }),
    );
    expect([0, 1].map((row) => strings.get(mappings.file[row]))).toEqual(["/bin/app", "/lib/b.so"]);
  });

  it("differ by line, function, start of the function, and column of the last line", () => {
    expect(merged("a@f:1 1\na@f:2 1\na@g:1 1\na@f:1:0^9 1\na@f:1:7 1")).toHaveLength(5);
    // As in pprof, the columns of the other lines do not count.
    expect(merged("out@f:1>in@f:2:3 1\nout@f:1>in@f:2:4 1")).toHaveLength(1);
    expect(merged("out@f:1:3>in@f:2 1\nout@f:1:4>in@f:2 1")).toHaveLength(2);
  });
});

describe("the header", () => {
  const header = (...parts: ProfileParts[]) =>
    merge(...parts.map((part) => profileOf("a 1", part)));

  it("has the earliest time, the sum of durations, all distinct comments, and the first of other values", () => {
    const profile = header(
      { timeNanos: 50, durationNanos: 3, comments: ["x", "y"], dropFrames: "d" },
      { timeNanos: 20, durationNanos: 4, comments: ["y", "z"], docUrl: "https://docs" },
    );
    expect(profile).toMatchObject({ timeNanos: 20, durationNanos: 7 });
    const text = (index: Profile["docUrl"]) => profile.strings.get(index);
    expect(profile.comments.map(text)).toEqual(["x", "y", "z"]);
    expect([profile.dropFrames, profile.docUrl].map(text)).toEqual(["d", "https://docs"]);
  });

  it("resets earlier times at a profile without a time, like pprof", () => {
    expect(header({ timeNanos: 50 }, { timeNanos: 0 }, { timeNanos: 70 }).timeNanos).toBe(70);
  });
});

it("gives the same bytes for equal runs in any order", () => {
  const [a, b, c] = [1, 10, 100].map((value) =>
    profileOf(`main;a ${value} {k=x}\nmain;b ${value * 2}\nidle ${value * 3}`, {
      durationNanos: 5,
    }),
  );
  const bytes = encodeProfile(merge(a, b, c));
  for (const order of [
    [a, c, b],
    [b, a, c],
    [c, b, a],
  ]) {
    expect(encodeProfile(merge(...order))).toEqual(bytes);
  }
  expect(int64At(merge(a, b, c).samples.values[0], 0)).toBe(111);
});
