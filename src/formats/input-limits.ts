/** Limits on the memory of an input, in bytes. */
export interface InputLimits {
  readonly inflated: number;
  /** The memory for tables, and while they are built. */
  readonly memory: number;
}

/** The default of `-max_size`. Users set larger values for inputs that they trust. */
const DEFAULT_MAX_SIZE = 2 ** 31;

/**
 * The limits of an empty input, and their growth per byte. Gzip shrinks profiles to a tenth, or to
 * a hundredth if one stack is repeated as text. In memory a profile needs about ten bytes per byte.
 * A small input that needs far more is an attack.
 */
const BASE_INFLATED = 16 * 2 ** 20;
const INFLATED_PER_BYTE = 128;
const BASE_MEMORY = 192 * 2 ** 20;
const MEMORY_PER_BYTE = 512;

/**
 * Returns the limits for an input of `bytes`: at most `maxSize`, and less for small inputs, so that
 * a file of a few kilobytes cannot use up time and memory.
 */
export function inputLimits(bytes: number, maxSize: number): InputLimits {
  if (maxSize > DEFAULT_MAX_SIZE) return { inflated: maxSize, memory: maxSize };
  return {
    inflated: Math.min(maxSize, BASE_INFLATED + bytes * INFLATED_PER_BYTE),
    memory: Math.min(maxSize, BASE_MEMORY + bytes * MEMORY_PER_BYTE),
  };
}
