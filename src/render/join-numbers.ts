import type { Int64 } from "../units/int64.js";

/** The number of numbers in a piece. */
const PIECE_LENGTH = 10_000;

/** Joins numbers by commas, in pieces. */
export function* joinNumbers(numbers: readonly Int64[]): Generator<string> {
  for (let start = 0; start < numbers.length; start += PIECE_LENGTH) {
    yield (start > 0 ? "," : "") + numbers.slice(start, start + PIECE_LENGTH).join(",");
  }
}
