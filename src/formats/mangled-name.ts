import { isJitFile } from "../profile/jit-files.js";

/** Matches names that C++ and Rust compilers make, with the underscore of macOS and versions. */
const MANGLED = /^_{1,4}[ZR][\w.$@]+$/;

/**
 * Returns `symbol` if a compiler mangled it, else an empty string: the system name of a function in
 * formats whose symbols may be mangled, demangled or of a language without mangling. Functions with
 * an empty system name keep their names; others are demangled and simplified.
 */
export function mangledName(symbol: string, binary: string): string {
  return MANGLED.test(symbol) && !isJitFile(binary) ? symbol : "";
}
