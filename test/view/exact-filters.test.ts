import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { tags } from "../../src/report/tags.js";
import { exactName, exactPattern, exactTagFilter } from "../../src/view/exact-filters.js";
import { compileRe2 } from "../../src/view/re2.js";
import { inputFor } from "../support/report-input.js";

/** Filters by each value of a tag. Returns its name, and the sum of the remaining samples. */
function filtered(text: string, key: string): string[] {
  const whole = tags(inputFor("tags", text)).tags.find((tag) => tag.key === key);
  return (whole?.values ?? []).map((value) => {
    const tagfocus = exactTagFilter({ key, ...value });
    const { tags: left } = tags(inputFor("tags", text, { options: { tagfocus } }));
    const only = left.find((tag) => tag.key === key);
    return `${tagfocus} ${only?.values.map(({ name, value: sum }) => `${name} ${sum}`).join(", ")}`;
  });
}

describe("filters for one value", () => {
  it("match exactly one name, whatever characters it contains", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ maxLength: 2 }), (name, more) => {
        fc.pre(!name.includes("\n"));
        const pattern = compileRe2(exactPattern(name));
        expect(pattern.test(encodeUtf8(name))).toBe(true);
        expect(pattern.test(encodeUtf8(`${name}${more}`))).toBe(more === "");
        expect(exactName(exactPattern(name))).toBe(name);
      }),
    );
  });

  it("are recognized", () => {
    for (const other of ["a", "^a", "a$", "^a.b$", "^(a)$", "^a\\d$"]) {
      expect(exactName(other)).toBe(undefined);
    }
  });

  it("match a text but no longer one, even if it looks like a number or a list", () => {
    const text = "a 1 {k=eu}\nb 2 {k=eu-west}\nc 4 {k=12kb}\nd 8 {k=x,eu}\ne 16 {k=a+b=c}";
    expect(filtered(text, "k")).toEqual([
      "k=^a\\+b=c$ a+b=c 16",
      "k=^x\\x2Ceu$ x,eu 8",
      "k=^12kb$ 12kb 4",
      "k=^eu-west$ eu-west 2",
      "k=^eu$ eu 1",
    ]);
  });

  it("match numbers with their units, and all numbers with the same printed form", () => {
    const text = `
      a 1 {size:32768bytes}
      b 2 {size:32770bytes}
      c 4 {size:1536bytes}
      d 8 {size:7bytes}
      e 16 {wait:1500000000nanoseconds}
      f 32 {wait:3nanoseconds}
      g 64 {id:15}
      h 128 {id:16}
      i 256 {id:-4}
    `;
    expect(filtered(text, "size")).toEqual([
      "size=7B 7B 8",
      "size=1536bytes 1.50kB 4",
      "size=32kB:32770bytes 32kB 3",
    ]);
    expect(filtered(text, "wait")).toEqual([
      "wait=3ns 3ns 32",
      "wait=1500000000nanoseconds 1.50s 16",
    ]);
    expect(filtered(text, "id")).toEqual(["id=-4 -4 256", "id=16 16 128", "id=15 15 64"]);
  });
});
