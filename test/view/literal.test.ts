import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { literalPattern } from "../../src/view/literal.js";

describe("patterns that are just a text", () => {
  it.each([
    "main",
    "^main$",
    "main\\.\\(\\*T\\)\\.run",
    "^std::vector<int>$",
    "a b/c-d",
    "",
    "^",
    "$",
    "^$",
  ])("are known: %j", (pattern) => expect(literalPattern(pattern)).toBeDefined());

  it.each([
    "a.b",
    "a|b",
    "(?i)main",
    "[ab]",
    "a+",
    "\\d",
    "\\bmain",
    "a^",
    "a$b",
    "ü",
    "x".repeat(65),
    "a{2}",
    "\\",
  ])("are told from others: %j", (pattern) => expect(literalPattern(pattern)).toBeUndefined());

  it("match what the engine matches, in whatever is searched", () => {
    const unit = fc.constantFrom(..."aab.^$()*\\/ -:<>_\n\0é\ud800");
    const text = fc.oneof(
      fc.string({ unit, maxLength: 12 }).map(encodeUtf8),
      fc.uint8Array({ maxLength: 12 }),
    );
    let known = 0;
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 6 }), text, text, (pattern, before, bytes) => {
        const literal = literalPattern(pattern);
        if (!literal?.testPart) return;
        known++;
        const expected = RE2JS.compile(pattern).test(bytes);
        expect(literal.test(bytes)).toBe(expected);
        const all = Uint8Array.from([...before, ...bytes, ...before]);
        const end = before.length + bytes.length;
        expect(literal.testPart(all, before.length, end)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
    expect(known).toBeGreaterThan(500);
  });
});
