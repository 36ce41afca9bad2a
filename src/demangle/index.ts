import { demangleItanium } from "./itanium.js";
import { demangleRustLegacy } from "./rust-legacy.js";
import { demangleRustV0 } from "./rust-v0.js";
import type { DemangleStyle } from "./style.js";

export type { DemangleStyle } from "./style.js";

/** Returns the readable name, or undefined if `symbol` is not a known mangled name. */
export function demangle(symbol: string, style: DemangleStyle): string | undefined {
  return (
    demangleRustV0(symbol, style) ??
    // Legacy Rust names are Itanium names too, distinguished by their hash.
    demangleRustLegacy(symbol) ??
    demangleItanium(symbol, style)
  );
}
