import { demangleItanium } from "./itanium.js";
import { demangleRustLegacy } from "./rust-legacy.js";
import { demangleRustV0 } from "./rust-v0.js";
import type { DemangleStyle } from "./style.js";

export type { DemangleStyle } from "./style.js";

/** Returns the readable name, or undefined where `symbol` is not a mangled name we understand. */
export function demangle(symbol: string, style: DemangleStyle): string | undefined {
  return (
    demangleRustV0(symbol, style) ??
    // Legacy Rust names are Itanium names as well; their hash tells them apart.
    demangleRustLegacy(symbol) ??
    demangleItanium(symbol, style)
  );
}
