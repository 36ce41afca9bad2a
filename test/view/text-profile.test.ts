import { describe, expect, it } from "vitest";
import { decodeProfile } from "../../src/profile/wire/decode.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { drawProfile, profileOf } from "../support/text-profile.js";

describe("a profile in text form", () => {
  const text = [
    "main;work;leaf 30",
    "main;work>inlined>deeper 20 {tenant=acme bytes:1024bytes n:-5}",
    'main;"operator new"@a.cc:3:4^1[/bin/app]#40ab -9223372036854775808',
    '@a.c:3;[/bin/app]#1;[/lib/b.so];#ffffffffffffffff;? 1 {note="two words" pprof::base=true}',
    "- 9007199254740993",
  ];

  it("is converted to the same text again", () => {
    expect(drawProfile(profileOf(text.join("\n")))).toEqual(text);
  });

  it("survives encoding, even with repeated strings", () => {
    for (const repeatStrings of [false, true]) {
      const profile = profileOf(text.join("\n"), { repeatStrings });
      expect(drawProfile(decodeProfile(encodeProfile(profile)))).toEqual(text);
    }
  });

  it("has a row for each distinct function, location and binary", () => {
    const profile = profileOf("a@x:1;b@x:2 1\na@x:1;a@x:3;a@y:1[b] 1");
    expect(profile.functions.length).toBe(3);
    expect(profile.locations.length).toBe(4);
    expect(profile.mappings.length).toBe(1);
  });

  it("rejects a line with the wrong number of values", () => {
    expect(() => profileOf("main", {})).toThrow("want a stack");
    expect(() => profileOf("main 1 2")).toThrow("want a stack");
    expect(() => profileOf("main 1", { types: ["a/count", "b/count"] })).toThrow("want a stack");
  });
});
