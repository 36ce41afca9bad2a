import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { literalPattern, requiredText } from "../../src/view/literal.js";

describe("patterns that are only a text", () => {
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
  ])("are recognized: %j", (pattern) => expect(literalPattern(pattern)).toBeDefined());

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
  ])("are distinguished from others: %j", (pattern) =>
    expect(literalPattern(pattern)).toBeUndefined(),
  );

  it("match the same as the engine in any input", () => {
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

describe("the text that a pattern requires", () => {
  it.each(["pkg4[0-9]", "a\\.b*", "main\\..*", "ab?c", "a+"])("is found for %j", (pattern) =>
    expect(requiredText(pattern)).toBeDefined(),
  );

  it.each(["a|b", "(?i)main", "[ab]c", "^main.", ".*", "a(?)?", "a\\Q\\E*"])(
    "does not exist for %j",
    (pattern) => expect(requiredText(pattern)).toBeUndefined(),
  );

  it("occurs in everything that the engine matches", () => {
    const unit = fc.constantFrom(..."aaab.*+?[]{}12(i)|^$\\\\ ", "(?i)", "\\Q", "\\E");
    const text = fc
      .string({ unit: fc.constantFrom(..."aaabAB12. \\"), maxLength: 12 })
      .map(encodeUtf8);
    let matched = 0;
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 7 }),
        fc.array(text, { minLength: 8 }),
        (pattern, texts) => {
          const required = requiredText(pattern);
          if (!required) return;
          let engine: RE2JS;
          try {
            engine = RE2JS.compile(pattern);
          } catch {
            return;
          }
          for (const bytes of texts.filter((bytes) => engine.test(bytes))) {
            matched++;
            expect(required.test(bytes)).toBe(true);
          }
        },
      ),
      { numRuns: 5000 },
    );
    expect(matched).toBeGreaterThan(500);
  });
});
