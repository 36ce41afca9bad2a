/** Limits on the work per symbol, since profiles are untrusted input. */

/** The maximum length of a symbol, in UTF-16 units. */
export const MAX_INPUT = 64 * 1024;

/** The maximum length of a demangled name, in UTF-16 units. */
export const MAX_OUTPUT = 64 * 1024;

/** The maximum nesting of productions while parsing, and of nodes while printing. */
export const MAX_DEPTH = 400;

/** The maximum number of nodes printed or copied per symbol: stops bombs that print no text. */
export const MAX_STEPS = 100_000;

/** Thrown for a symbol that does not parse; caught inside the demanglers. */
export class NotMangled extends Error {}

export function fail(): never {
  throw NOT_MANGLED;
}

// A shared object: a stack trace per symbol would cost more than the parsing.
const NOT_MANGLED = new NotMangled("not a mangled name");
