import { describe, expect, it } from "vitest";
import {
  addressBefore,
  parseAddresses,
  parseHex64,
  parseInt64,
  parseInt64Literal,
} from "../../src/formats/numbers.js";

const ENDLESS = "9".repeat(1 << 20);

describe("numbers in text", () => {
  it.each<[string, number | bigint | undefined]>([
    ["0", 0],
    ["-0", 0],
    ["+7", 7],
    ["000000000000000000000000000012", 12],
    ["9007199254740993", 9007199254740993n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["-9223372036854775808", -(2n ** 63n)],
    ["9223372036854775808", undefined],
    ["", undefined],
    ["-", undefined],
    ["1x", undefined],
    [ENDLESS, undefined],
  ])("decimal: %.40s is %s", (text, value) => {
    expect(parseInt64(text)).toBe(value);
  });

  it.each<[string, number | bigint | undefined]>([
    ["0", 0],
    ["00", 0],
    ["017", 15],
    ["08", undefined],
    ["0o17", 15],
    ["0x1F", 31],
    ["-0XfF", -255],
    ["0b101", 5],
    ["1_000", 1000],
    ["0x_1", 1],
    ["0_7", 7],
    ["1__0", undefined],
    ["_1", undefined],
    ["1_", undefined],
    ["0x", undefined],
    ["0x7fffffffffffffff", 2n ** 63n - 1n],
    ["0x8000000000000000", undefined],
    ["", undefined],
    ["a", undefined],
    [ENDLESS, undefined],
    [`0x${ENDLESS}`, undefined],
  ])("Go literal: %.40s is %s", (text, value) => {
    expect(parseInt64Literal(text)).toBe(value);
  });

  it("hexadecimal: exactly, up to 64 bits", () => {
    expect(parseHex64("1fffffffffffff")).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseHex64("20000000000000")).toBe(2n ** 53n);
    expect(parseHex64("00000000000000000000FFffffffffffffff")).toBe(2n ** 64n - 1n);
    expect(parseHex64("00000000000000000000")).toBe(0);
    expect(parseHex64("10000000000000000")).toBeUndefined();
    expect(parseHex64(ENDLESS)).toBeUndefined();
  });

  it("addresses with any text between them", () => {
    expect(parseAddresses(" 0x1 x0x2f0x3 0X4 5 0x0xg")).toEqual([1, 0x2f0, 0]);
    expect(parseAddresses("0x1 0x10000000000000000")).toBeUndefined();
  });

  it("the previous address, near all limits", () => {
    expect(addressBefore(1)).toBe(0);
    expect(addressBefore(0)).toBe(2n ** 64n - 1n);
    expect(addressBefore(2n ** 53n)).toBe(2 ** 53 - 1);
    expect(addressBefore(2n ** 53n + 1n)).toBe(2n ** 53n);
  });
});
