import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors/user-error.js";
import { defaultOptions, type Options } from "../../src/options/table.js";
import type { Profile } from "../../src/profile/profile.js";
import { materialize } from "../../src/view/materialize.js";
import { compileRe2 } from "../../src/view/re2.js";
import { selectView, usesPatterns } from "../../src/view/select.js";
import { drawProfile, drawView, type ProfileParts, profileOf } from "../support/text-profile.js";

const requests = profileOf(
  `
    main;parse;read 1 10 {tenant=acme shard:1}
    main;parse;alloc 2 20 {tenant=other shard:2}
    main;render>paint;alloc 3 30 {tenant=acme size:2kb}
    idle 4 40
  `,
  { types: ["samples/count", "cpu/nanoseconds"] },
);

function select(options: Partial<Options> = {}, profile: Profile = requests) {
  const selection = selectView(profile, { ...defaultOptions(), ...options }, compileRe2);
  return { ...selection, lines: drawView(selection.view) };
}

/** Returns only the stacks. */
function stacks(options: Partial<Options>, profile?: Profile): string[] {
  return select(options, profile).lines.map((line) => line.replace(/ .*/, ""));
}

describe("selectView", () => {
  it("shows everything by default, without a warning", () => {
    const selection = select();
    expect(selection.lines).toEqual(drawProfile(requests));
    expect(selection.value).toMatchObject({ type: "cpu", unit: "nanoseconds" });
    expect(selection.total).toBe(100);
    expect(selection.activeFilters).toEqual([]);
    expect(selection.warnings).toEqual([]);
  });

  it("filters by names, then from the root, then by tags, then from the leaf", () => {
    expect(
      stacks({
        focus: "main",
        ignore: "read",
        hide: "paint",
        show_from: "parse|render",
        tagfocus: "acme",
        prune_from: "render",
      }),
    ).toEqual(["render"]);
    expect(stacks({ show: "alloc|main", tagignore: "tenant=other" })).toEqual([
      "main",
      "main;alloc",
    ]);
  });

  it("adds tag frames to the stacks before the filters", () => {
    expect(stacks({ tagroot: "tenant", focus: "acme", tagleaf: "shard" })).toEqual([
      "acme@tenant;main;parse;read;1@shard",
      "acme@tenant;main;render>paint;alloc;@shard",
    ]);
  });

  it("formats tag frames in the unit of the report", () => {
    expect(stacks({ tagroot: "size", unit: "bytes", focus: "paint" })).toEqual([
      "2048B@size;main;render>paint;alloc",
    ]);
  });

  it("ignores empty keys of tag frames", () => {
    expect(stacks({ tagroot: ",tenant,", focus: "read" })).toEqual(["acme@tenant;main;parse;read"]);
    expect(select({ tagroot: "," }).view.profile).toBe(requests);
  });

  it("hides labels", () => {
    expect(select({ taghide: "tenant", focus: "read" }).lines).toEqual([
      "main;parse;read 1 10 {shard:1}",
    ]);
    expect(select({ tagshow: "tenant", focus: "read" }).lines).toEqual([
      "main;parse;read 1 10 {tenant=acme}",
    ]);
  });

  it("filters by hidden tags, too", () => {
    expect(stacks({ tagfocus: "tenant=other", taghide: "tenant" })).toEqual(["main;parse;alloc"]);
  });

  it("selects a value or its mean", () => {
    expect(select({ sample_index: "samples" })).toMatchObject({ total: 10 });
    expect(select({ mean: true }).value.type).toBe("mean_cpu");
    expect(select({ mean: true }).total).toBe(10);
  });

  it("computes percentages of the whole profile or of the view", () => {
    expect(select({ focus: "parse" }).total).toBe(100);
    expect(select({ focus: "parse", relative_percentages: true }).total).toBe(30);
  });

  it("lists the active filters in pprof's order, without prune_from and tag frames", () => {
    const { activeFilters } = select({
      taghide: "a1",
      tagshow: "a2",
      tagignore: "a3",
      tagfocus: "a4",
      show_from: "main",
      show: "a|m",
      hide: "x",
      ignore: "y",
      focus: "main",
      prune_from: "z",
      tagroot: "t",
      tagleaf: "u",
    });
    expect(activeFilters).toEqual([
      "focus=main",
      "ignore=y",
      "hide=x",
      "show=a|m",
      "show_from=main",
      "tagfocus=a4",
      "tagignore=a3",
      "tagshow=a2",
      "taghide=a1",
    ]);
  });
});

describe("warnings", () => {
  it.each([
    "focus",
    "ignore",
    "hide",
    "show",
    "show_from",
    "tagfocus",
    "tagignore",
    "tagshow",
    "taghide",
    "tagroot",
    "tagleaf",
  ] as const)("report that -%s matched nothing", (name) => {
    expect(select({ [name]: "nowhere" }).warnings).toEqual([`-${name}=nowhere matched no samples`]);
  });

  it("do not mention filters that matched, or prune_from", () => {
    expect(
      select({
        focus: "main",
        ignore: "idle",
        hide: "paint",
        show: "main|parse|render|alloc",
        show_from: "main",
        tagfocus: "tenant",
        tagignore: "other",
        tagshow: "tenant",
        taghide: "shard",
        tagroot: "tenant",
        tagleaf: "shard",
        prune_from: "nowhere",
      }).warnings,
    ).toEqual([]);
  });

  it("explain that a tag filter without a match is a range", () => {
    expect(select({ tagfocus: "size=3kb" }).warnings).toEqual([
      "-tagfocus=size=3kb matched no samples; it is a range of numbers, not a regexp",
    ]);
    expect(select({ tagignore: "7:9" }).warnings).toEqual([
      "-tagignore=7:9 matched no samples; it is a range of numbers, not a regexp",
    ]);
    expect(select({ tagfocus: "size=2kb" }).warnings).toEqual([]);
  });

  it("list the other units of a key", () => {
    const profile = profileOf("a 1 {n:1kb n:2s}\nb 1 {n:3bytes}");
    expect(select({}, profile).warnings).toEqual([
      "for tag n used unit kb, also encountered unit(s) bytes, s",
    ]);
  });
});

describe("errors", () => {
  it.each([
    "focus",
    "ignore",
    "hide",
    "show",
    "show_from",
    "prune_from",
    "tagfocus",
    "tagignore",
    "tagshow",
    "taghide",
  ] as const)("name -%s if its pattern is invalid", (name) => {
    expect(() => select({ [name]: "a(b" })).toThrow(UserError);
    expect(() => select({ [name]: "a(b" })).toThrow(new RegExp(`^-${name}: [^\n]*\\(`));
  });

  it("name the option of a number that is too large", () => {
    expect(() => select({ tagfocus: "99999999999999999999" })).toThrow(UserError);
  });

  it("reject syntax that RE2 does not have", () => {
    expect(() => select({ focus: "(?=a)" })).toThrow(UserError);
    expect(() => select({ focus: "(a)\\1" })).toThrow(UserError);
  });

  it("report an unknown sample type", () => {
    expect(() => select({ sample_index: "nope" })).toThrow(UserError);
  });
});

describe("usesPatterns", () => {
  const uses = (options: Partial<Options>, parts: ProfileParts = {}) =>
    usesPatterns({ ...defaultOptions(), ...options }, profileOf("main 1", parts));

  it("returns false for a plain report", () => {
    expect(uses({ tagroot: "a", tagleaf: "b", sample_index: "0" })).toBe(false);
  });

  it("returns true for each option with a pattern", () => {
    for (const name of [
      "focus",
      "ignore",
      "hide",
      "show",
      "show_from",
      "prune_from",
      "tagfocus",
      "tagignore",
      "tagshow",
      "taghide",
    ] as const) {
      expect([name, uses({ [name]: "x" })]).toEqual([name, true]);
    }
  });

  it("returns true for a profile with drop_frames, unless all frames are requested", () => {
    expect(uses({}, { dropFrames: "malloc" })).toBe(true);
    expect(uses({ all_frames: true }, { dropFrames: "malloc" })).toBe(false);
  });
});

describe("materialize", () => {
  it("makes a profile of what the view shows", () => {
    const { view } = select({ focus: "main", hide: "render|read", prune_from: "parse" });
    expect(drawProfile(materialize(view))).toEqual([
      "main;parse 1 10 {tenant=acme shard:1}",
      "main;parse 2 20 {tenant=other shard:2}",
      "main;paint;alloc 3 30 {tenant=acme size:2kb}",
    ]);
  });

  it("keeps values, lines and numbers exact", () => {
    const text = [
      "f@m.c:4611686018427387905:9007199254740993 -9223372036854775808 {n:4611686018427387905b}",
      "g 1",
    ];
    const { view } = select({ focus: "." }, profileOf(text.join("\n")));
    expect(drawProfile(materialize(view))).toEqual(text);
  });

  it("shows the same as the view, whatever the filters", () => {
    const pattern = fc.constantFrom(
      "",
      "main",
      "parse|render",
      "paint",
      "alloc",
      "read|idle",
      "nothing",
      ".",
    );
    const tag = fc.constantFrom("", "tenant", "acme", "1:2", "size");
    const options = fc.record({
      focus: pattern,
      ignore: pattern,
      hide: pattern,
      show: pattern,
      show_from: pattern,
      prune_from: pattern,
      tagfocus: tag,
      tagignore: tag,
      tagshow: tag,
      taghide: tag,
      tagroot: tag,
    });
    fc.assert(
      fc.property(options, (chosen) => {
        const { view, lines } = select(chosen);
        const profile = materialize(view);
        expect(drawProfile(profile)).toEqual(lines);
        expect(profile.samples.length).toBe(lines.length);
      }),
    );
  });

  it("shares the tables that a view cannot change", () => {
    const profile = materialize(select({ focus: "parse" }).view);
    expect(profile.strings).toBe(requests.strings);
    expect(profile.functions).toBe(requests.functions);
    expect(profile.mappings).toBe(requests.mappings);
  });
});
