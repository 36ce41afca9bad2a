import { describe, expect, it } from "vitest";
import { labelUnits } from "../../src/view/label-units.js";
import { compileRe2 } from "../../src/view/re2.js";
import { compileTagFilter, filterByTags, filterTagKeys } from "../../src/view/tag-filters.js";
import { wholeProfile } from "../../src/view/view.js";
import { drawView, profileOf } from "../support/text-profile.js";

const requests = profileOf(`
  a 1 {tenant=acme shard:1 bytes:1024bytes}
  b 2 {tenant=other shard:2 bytes:2048bytes}
  c 3 {tenant=acme tenant=extra bytes:-512bytes}
  d 4 {shard=1}
  e 5
`);

/** Returns the functions of the samples that pass. */
function passing(text: string, profile = requests): { names: string; isRange: boolean } {
  const { units } = labelUnits(profile);
  const { test, isRange } = compileTagFilter(text, profile, units, compileRe2);
  const { view } = filterByTags(wholeProfile(profile), test, undefined);
  return {
    names: drawView(view)
      .map((line) => line.replace(/ .*/, ""))
      .join(""),
    isRange,
  };
}

describe("a tag filter of patterns", () => {
  it("matches key:value if it has no key", () => {
    expect(passing("acme")).toEqual({ names: "ac", isRange: false });
    expect(passing("^tenant:acme$").names).toBe("ac");
    expect(passing("tenant").names).toBe("abc");
    expect(passing("^acme").names).toBe("");
  });

  it("without a key, requires each pattern to match some label", () => {
    expect(passing("acme,extra").names).toBe("c");
    expect(passing("acme,other").names).toBe("");
  });

  it("matches the values of exactly that key", () => {
    expect(passing("tenant=^acme$").names).toBe("ac");
    expect(passing("tenant=o").names).toBe("b");
    expect(passing("tenan=acme").names).toBe("");
  });

  it("with a key, requires one pattern to match", () => {
    expect(passing("tenant=other,extra").names).toBe("bc");
  });

  it("reads everything after the first = as the pattern", () => {
    const profile = profileOf('a 1 {query="x=y"}\nb 2 {query=x}');
    expect(passing("query=x=y", profile).names).toBe("a");
  });

  it("never matches numbers", () => {
    expect(passing("bytes").names).toBe("");
    expect(passing("shard").names).toBe("d");
  });

  it("treats an empty key as no key, as pprof does", () => {
    expect(passing("=tenant:acme").names).toBe("ac");
  });

  it("rejects an invalid pattern", () => {
    expect(() => passing("tenant=(")).toThrow();
  });
});

describe("a tag filter of numbers", () => {
  it("is recognized by its form", () => {
    for (const range of ["1", "shard=1", "1:", ":1", "1:2", "-1kb:+2kb", "1kb:2mb", "=1"]) {
      expect([range, passing(range).isRange]).toEqual([range, true]);
    }
    for (const pattern of ["x1", "1x1", "1:2:3", "1-2", "a:1", "1kb:2s", "-1:+2kb", "1 "]) {
      expect([pattern, passing(pattern).isRange]).toEqual([pattern, false]);
    }
  });

  it("matches one value, in any convertible unit", () => {
    expect(passing("bytes=1024b").names).toBe("a");
    expect(passing("bytes=1kb").names).toBe("a");
    expect(passing("2kb").names).toBe("b");
  });

  it("includes both ends", () => {
    expect(passing("1kb:2kb").names).toBe("ab");
    expect(passing("1kb:").names).toBe("ab");
    expect(passing(":1kb").names).toBe("ac");
    expect(passing("2kb:1kb").names).toBe("");
    expect(passing("bytes=-512b:0b").names).toBe("c");
  });

  it("gives the second number the unit of the first by default", () => {
    expect(passing("1kb:2").names).toBe("ab");
  });

  it("does not match the text of a label", () => {
    expect(passing("shard=1").names).toBe("a");
  });

  it("gives labels without a unit their key as the unit", () => {
    expect(passing("shard=1shard").names).toBe("a");
    expect(passing("shard=1shard:2shard").names).toBe("ab");
  });

  it("knows two keys that count bytes", () => {
    const profile = profileOf("a 1 {request:2048}\nb 2 {alignment:8}\nc 3 {other:8}");
    expect(passing("2kb", profile).names).toBe("a");
    expect(passing("alignment=8b", profile).names).toBe("b");
  });

  it("does not compare units that cannot be converted", () => {
    expect(passing("bytes=1s:").names).toBe("");
  });

  it("treats a number of an unknown unit as one in the requested unit", () => {
    expect(passing("shard=1s:").names).toBe("ab");
  });

  it("rejects numbers of more than 64 bits", () => {
    expect(passing("9223372036854775807").isRange).toBe(true);
    expect(() => passing("9223372036854775808")).toThrow("64-bit");
    expect(() => passing("1:-9223372036854775809")).toThrow("64-bit");
  });
});

describe("labelUnits", () => {
  const units = (text: string) => labelUnits(profileOf(text));

  it("chooses the first unit of a key, and lists the others in order", () => {
    const { units: found, ignored } = units(
      "a 1 {n:1 m:5}\nb 1 {n:2kb}\nc 1 {n:3s n:4bytes n:5kb n:6s}",
    );
    expect(Object.fromEntries(found)).toEqual({ n: "kb", m: "m" });
    expect(Object.fromEntries(ignored)).toEqual({ n: ["bytes", "s"] });
  });

  it("infers a unit if none is named", () => {
    const { units: found } = units("a 1 {n:1 request:2 alignment:3 tenant=x}");
    expect(Object.fromEntries(found)).toEqual({ n: "n", request: "bytes", alignment: "bytes" });
  });

  it("compares all values of a key in its first unit", () => {
    const profile = profileOf("a 1 {size:1kb}\nb 2 {size:1bytes}");
    expect(passing("size=1kb", profile).names).toBe("ab");
  });

  it("recognizes the number 0, with or without a unit", () => {
    expect(units("a 1 {n:0 m:0b}").units).toEqual(
      new Map([
        ["n", "n"],
        ["m", "b"],
      ]),
    );
  });

  it("works if the producer repeats its strings", () => {
    const profile = profileOf("a 1 {n:1kb}\nb 2 {n:2kb}\nc 3 {n:3}", { repeatStrings: true });
    const { units: found, ignored } = labelUnits(profile);
    expect(Object.fromEntries(found)).toEqual({ n: "kb" });
    expect(ignored.size).toBe(0);
  });
});

describe("filterByTags", () => {
  const view = wholeProfile(requests);
  const odd = (sample: number) => sample % 2 === 1;

  it("keeps focused samples that are not ignored", () => {
    const focused = filterByTags(view, odd, undefined);
    expect(drawView(focused.view).map((line) => line[0])).toEqual(["b", "d"]);
    const both = filterByTags(view, odd, (sample) => sample === 3);
    expect(drawView(both.view).map((line) => line[0])).toEqual(["b"]);
  });

  it("reports what matched among the remaining samples", () => {
    const never = () => false;
    expect(filterByTags(view, undefined, undefined).matched).toEqual({ focus: true, ignore: true });
    expect(filterByTags(view, odd, never).matched).toEqual({ focus: true, ignore: false });
    expect(filterByTags(view, never, undefined).matched).toEqual({ focus: false, ignore: true });
    const none = { ...view, samples: new Uint8Array(view.samples.length) };
    expect(filterByTags(none, odd, odd).matched).toEqual({ focus: false, ignore: false });
  });
});

describe("chooseTags", () => {
  const tags = (show: string | undefined, hide: string | undefined, profile = requests) => {
    const compile = (pattern: string | undefined) =>
      pattern === undefined ? undefined : compileRe2(pattern);
    const { view, matched } = filterTagKeys(wholeProfile(profile), compile(show), compile(hide));
    return { lines: drawView(view), matched };
  };

  it("shows only labels whose key matches", () => {
    expect(tags("^shard$|byt", undefined).lines).toEqual([
      "a 1 {shard:1 bytes:1024bytes}",
      "b 2 {shard:2 bytes:2048bytes}",
      "c 3 {bytes:-512bytes}",
      "d 4 {shard=1}",
      "e 5",
    ]);
  });

  it("hides labels whose key matches; hide takes precedence", () => {
    expect(tags(undefined, "tenant|shard").lines[0]).toBe("a 1 {bytes:1024bytes}");
    expect(tags("shard|bytes", "shard").lines[0]).toBe("a 1 {bytes:1024bytes}");
  });

  it("matches only keys", () => {
    expect(tags("acme", undefined)).toEqual({
      lines: ["a 1", "b 2", "c 3", "d 4", "e 5"],
      matched: { show: false, hide: true },
    });
  });

  it("reports what matched", () => {
    expect(tags("shard", "nothing").matched).toEqual({ show: true, hide: false });
    expect(tags(undefined, "shard").matched).toEqual({ show: true, hide: true });
  });

  it("counts a number 0 without a unit", () => {
    const profile = profileOf("a 1 {n:0 m:1}");
    expect(tags("n", "n", profile).matched).toEqual({ show: true, hide: true });
  });
});
