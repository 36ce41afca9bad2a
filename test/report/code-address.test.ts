import { expect, it } from "vitest";
import { parseAddress } from "../../src/report/code-address.js";

it("parses numbers like Go's ParseUint with base 0", () => {
  const cases: [string, bigint | undefined][] = [
    ["0", 0n],
    ["42", 42n],
    ["0x4A_b1", 0x4ab1n],
    ["0X_1", 1n],
    ["017", 15n],
    ["0o17", 15n],
    ["0_7", 7n],
    ["0b101", 5n],
    ["18446744073709551615", 2n ** 64n - 1n],
    ["18446744073709551616", undefined],
    ["08", undefined],
    ["1__0", undefined],
    ["1_", undefined],
    ["0x", undefined],
    ["+1", undefined],
    ["main", undefined],
    ["", undefined],
  ];
  expect(cases.map(([text]) => [text, parseAddress(text)])).toEqual(cases);
});
