import { expect, it } from "vitest";
import { withoutControls } from "../../src/render/controls.js";

it("writes out what could steer a terminal, and nothing else", () => {
  expect(withoutControls("a\x1b[31m\x00\x7f\x9b\u202e\tb\n")).toBe(
    "a\\x1b[31m\\x00\\x7f\\x9b\\u202e\tb\n",
  );
  // A byte that is not UTF-8 is half of a surrogate pair; many letters end with the same.
  expect(withoutControls("\udc9b💀💀\udc80\udcff𘲀")).toBe("\\x9b💀💀\\x80\udcff𘲀");
});
