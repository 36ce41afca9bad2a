import { describe, expect, it } from "vitest";
import type { Profile } from "../../src/profile/profile.js";
import type { Demangle } from "../../src/transforms/demangle.js";
import { type PrepareOptions, prepareProfile } from "../../src/view/prepare.js";
import { compileRe2 } from "../../src/view/re2.js";
import { drawProfile, profileOf } from "../support/text-profile.js";

/** A demangler for one name. Its result shows the requested style. */
const demangle: Demangle = (symbol, style) => (symbol === "_Zf" ? `f[${style}]` : undefined);

function prepare(profile: Profile, options: Partial<PrepareOptions> = {}) {
  const { profile: prepared, warnings } = prepareProfile(
    profile,
    { symbolize: "", all_frames: false, add_comment: "", ...options },
    { compile: compileRe2, demangle },
  );
  return { lines: drawProfile(prepared), warnings, profile: prepared };
}

const names = (symbolize: string, text: string) =>
  prepare(profileOf(text), { symbolize }).lines.map((line) =>
    line.replace(/ -?\d+$/, "").replaceAll('"', ""),
  );

describe("names", () => {
  it("are demangled unless -symbolize=none", () => {
    expect(names("", "_Zf 1")).toEqual(["f[simplified]"]);
    expect(names("none", "_Zf 1")).toEqual(["_Zf"]);
    expect(names("no", "_Zf 1")).toEqual(["_Zf"]);
    expect(names("local:none:force", "_Zf 1")).toEqual(["_Zf"]);
  });

  it("are demangled in the requested style", () => {
    expect(names("demangle=full", "_Zf 1")).toEqual(["f[full]"]);
    expect(names("Demangle=Templates", "_Zf 1")).toEqual(["f[templates]"]);
    expect(names("demangle=none", "_Zf 1")).toEqual(["_Zf"]);
    expect(names("demangle=default", "_Zf 1")).toEqual(["f[simplified]"]);
  });

  it("lose C++ arguments and templates even if they are not mangled", () => {
    const text = '"ns::Map<int, Pair<a, b>>::find(int const&)" 1';
    expect(names("", text)).toEqual(["ns::Map::find"]);
    expect(names("demangle=templates", text)).toEqual(["ns::Map<int, Pair<a, b>>::find"]);
    expect(names("demangle=full", text)).toEqual(["ns::Map<int, Pair<a, b>>::find(int const&)"]);
    expect(names("none", text)).toEqual(["ns::Map<int, Pair<a, b>>::find(int const&)"]);
  });

  it("of Java, Go and C stay unchanged", () => {
    const text = "com.x.Y.<init> 1\nmain.(*List[...]).Push 1\ncallback(x) 1";
    expect(names("", text.replaceAll(/^(\S+)/gm, '"$1"'))).toEqual([
      "com.x.Y.<init>",
      "main.(*List[...]).Push",
      "callback(x)",
    ]);
  });

  it("cause a warning for an unknown word in -symbolize", () => {
    const { warnings } = prepare(profileOf("a 1"), { symbolize: "local:wrong" });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"wrong"');
    expect(prepare(profileOf("a 1"), { symbolize: "fastlocal:remote:force" }).warnings).toEqual([]);
  });
});

describe("frames that match the profile's drop_frames", () => {
  const text = "main;work;malloc;grow 1\nmain;keepmalloc;grow 2\nmain;my_malloc_user 3";

  it("are removed with their callees if the whole name matches", () => {
    const profile = profileOf(text, { dropFrames: "malloc|keepmalloc" });
    expect(prepare(profile).lines).toEqual(["main;work 1", "main 2", "main;my_malloc_user 3"]);
  });

  it("stay if they match keep_frames", () => {
    const profile = profileOf(text, { dropFrames: ".*malloc", keepFrames: "keep.*" });
    expect(prepare(profile).lines).toEqual([
      "main;work 1",
      "main;keepmalloc;grow 2",
      "main;my_malloc_user 3",
    ]);
  });

  it("stay if the profile only has keep_frames", () => {
    const profile = profileOf(text, { keepFrames: "keep.*" });
    expect(prepare(profile).lines).toEqual(drawProfile(profile));
  });

  it("stay with -all_frames", () => {
    const profile = profileOf(text, { dropFrames: "malloc" });
    expect(prepare(profile, { all_frames: true }).lines).toEqual(drawProfile(profile));
  });

  it("stay with -all_frames, even after the profile is written and read again", () => {
    const profile = profileOf(text, { dropFrames: "malloc", keepFrames: "grow" });
    const kept = prepare(profile, { all_frames: true }).profile;
    expect(prepare(kept).lines).toEqual(drawProfile(profile));
    expect(kept.strings.get(kept.keepFrames)).toBe("");
  });

  it("are matched by their demangled names", () => {
    const profile = profileOf("main;_Zf;grow 1", { dropFrames: "f.simplified." });
    expect(prepare(profile).lines).toEqual(["main 1"]);
  });

  it("stay if the pattern is invalid, with a warning", () => {
    const { lines, warnings } = prepare(profileOf(text, { dropFrames: "a(" }));
    expect(lines).toHaveLength(3);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^the profile's drop_frames are ignored: [^\n]+$/);
  });
});

describe("binaries", () => {
  it("lose names that are URLs, unless they have a build id", () => {
    const text = 'a["http://host/debug"] 1\nb["https://host/x"] 1\nc[/bin/app] 1';
    const profile = profileOf(text, { buildIds: { "https://host/x": "abc" } });
    expect(prepare(profile).lines).toEqual(["a[] 1", "b[https://host/x] 1", "c[/bin/app] 1"]);
  });
});

describe("comments", () => {
  it("are added after those of the profile", () => {
    const { profile } = prepare(profileOf("a 1", { comments: ["one"] }), { add_comment: "two" });
    expect(profile.comments.map((comment) => profile.strings.get(comment))).toEqual(["one", "two"]);
  });
});

it("a profile that needs no preparation is returned unchanged", () => {
  const profile = profileOf("main;work;malloc 1", { dropFrames: "malloc" });
  const before = drawProfile(profile);
  expect(prepare(profile).lines).toEqual(["main;work 1"]);
  expect(drawProfile(profile)).toEqual(before);
});
