/** Bounds on the work done for one symbol: names come from profiles, which nobody vouches for. */

/** Longest symbol that is looked at, in UTF-16 units. */
export const MAX_INPUT = 64 * 1024;

/** Longest name that is produced, in UTF-16 units. */
export const MAX_OUTPUT = 64 * 1024;

/** Deepest nesting of productions while parsing, and of nodes while printing. */
export const MAX_DEPTH = 400;

/** Most nodes printed or copied for one symbol; stops bombs that produce no text. */
export const MAX_STEPS = 100_000;

/** Thrown inside the demanglers where a symbol does not parse; never leaves them. */
export class NotMangled extends Error {}

export function fail(): never {
  throw NOT_MANGLED;
}

// One shared object: a stack trace per unparsable symbol would cost more than the parsing.
const NOT_MANGLED = new NotMangled("not a mangled name");
