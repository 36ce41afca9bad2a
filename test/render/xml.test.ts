import { describe, expect, it } from "vitest";
import { escapeXml } from "../../src/render/xml.js";

describe("escapeXml", () => {
  it("escapes markup in elements and attributes", () => {
    expect(escapeXml(`<a b="c" d='e'>&amp;]]>`)).toBe(
      "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;]]&gt;",
    );
    expect(escapeXml("tab\tline\nreturn\r")).toBe("tab&#9;line&#10;return&#13;");
  });

  it("replaces what XML 1.0 does not allow, and nothing else", () => {
    expect(escapeXml("\0\x08\x0b\x1f\ufffe\uffff")).toBe("\ufffd".repeat(6));
    expect(escapeXml("\ud800 \udc80")).toBe("\ufffd \ufffd");
    expect(escapeXml("é漢𝄞\x7f\x85\ufffd")).toBe("é漢𝄞\x7f\x85\ufffd");
  });
});
