import type { Int64 } from "../../../units/int64.js";

/** Writes an integer as its lower and upper 32 bits (two's complement). */
export function setHalves(words: Uint32Array, at: number, value: Int64): void {
  if (typeof value === "number" && value >= 0 && value < 2 ** 32) {
    words[at] = value;
    words[at + 1] = 0;
    return;
  }
  const bits = BigInt.asUintN(64, BigInt(value));
  words[at] = Number(bits & 0xffffffffn);
  words[at + 1] = Number(bits >> 32n);
}
