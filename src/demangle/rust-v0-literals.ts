import { fail } from "./limits.js";

/** Formats a hexadecimal number: decimal if it fits in 64 bits, else hexadecimal. */
export function integerLiteral(hex: string): string {
  return hex.length <= 16 ? BigInt(`0x${hex}`).toString() : `0x${hex}`;
}

const CHAR_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x27, "\\'"],
  [0x5c, "\\\\"],
]);

export function charLiteral(hex: string): string {
  const code = hex.length <= 6 ? Number.parseInt(hex, 16) : fail();
  const escaped = CHAR_ESCAPES.get(code);
  if (escaped !== undefined) {
    return `'${escaped}'`;
  }
  return code >= 0x20 && code <= 0x7e ? `'${String.fromCharCode(code)}'` : `'\\u{${hex}}'`;
}
