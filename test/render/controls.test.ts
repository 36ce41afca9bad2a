import { expect, it } from "vitest";
import {
  escapeControls,
  escapeControlsInDot,
  escapeLine,
  escapeLogLine,
  HIDDEN_CHARACTERS,
} from "../../src/render/controls.js";

it("escapes characters that could control a terminal, and nothing else", () => {
  expect(escapeControls("a\x1b[31m\x00\x7f\x9b\u202e\tb\n")).toBe(
    "a\\x1b[31m\\x00\\x7f\\x9b\\u202e\tb\n",
  );
  // A byte that is not UTF-8 is half of a surrogate pair, and many letters end with the same half.
  expect(escapeControls("\udc9b💀💀\udc80\udcff𘲀")).toBe("\\x9b💀💀\\x80\udcff𘲀");
});

it("escapes invisible characters", () => {
  expect(escapeControls("a\u200bb\u200dc\ufeffd\u00ade\ufe0ff\u2028g\u{e0041}h\u3164")).toBe(
    "a\\u200bb\\u200dc\\ufeffd\\xade\\ufe0ff\\u2028g\\u{e0041}h\\u3164",
  );
  expect(escapeControls("👩\u200d💻 naïve 世界 e\u0301")).toBe("👩\\u200d💻 naïve 世界 e\u0301");
});

it("finds every hidden character of Unicode with the fast pattern, too", () => {
  let hidden = 0;
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const isHidden = character.search(HIDDEN_CHARACTERS) >= 0;
    if (isHidden) hidden++;
    if (isHidden === (escapeControls(character) === character)) {
      throw new Error(`U+${code.toString(16)}`);
    }
  }
  expect(hidden).toBeGreaterThan(4000);
});

it("escapes any number of characters, with two backslashes for Graphviz", () => {
  const many = 1_500_000;
  expect(escapeControls("\u200b".repeat(many))).toBe("\\u200b".repeat(many));
  const pairs = "x".repeat(2 ** 20 - 1) + "\u{e0041}".repeat(3);
  expect(escapeControls(pairs)).toBe("x".repeat(2 ** 20 - 1) + "\\u{e0041}".repeat(3));
  expect(escapeControlsInDot("a\x1b\f\ufeff")).toBe("a\\\\x1b\\\\x0c\\\\ufeff");
});

it("puts text on one line without CI commands", () => {
  expect(escapeLine("a\nb\r\nc\fd")).toBe("a\\x0ab\\x0d\\x0ac\\x0cd");
  expect(escapeLine("##[error]a ##vso[task.x]b #1 ## c")).toBe(
    "\\x23#[error]a \\x23#vso[task.x]b #1 ## c",
  );
  expect(escapeLogLine(" ::error::a::b")).toBe(" \\x3a:error::a::b");
  expect(escapeLogLine("a::b::error")).toBe("a::b::error");
});
