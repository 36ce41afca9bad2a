/** How many bytes an input may make. */
export interface InputLimits {
  /** When it is inflated. */
  readonly inflated: number;
  /** In memory, as tables and while they are made. */
  readonly memory: number;
}

/** The default of `-max_size`. A larger one says that the input is trusted. */
const USUAL_MAX_SIZE = 2 ** 31;

/**
 * What any input may make, and what each of its bytes adds. Gzip shrinks profiles to a tenth, or
 * to a hundredth where one stack is repeated as text; in memory, a profile takes some ten bytes
 * for each of its own. A small input that makes far more was built to do so.
 */
const BASE_INFLATED = 16 * 2 ** 20;
const INFLATED_PER_BYTE = 128;
const BASE_MEMORY = 192 * 2 ** 20;
const MEMORY_PER_BYTE = 512;

/**
 * The limits for an input of `bytes`, as given: `maxSize` is the most, and small inputs have
 * less, so that nobody waits, or runs out of memory, for a file of some kilobytes.
 */
export function inputLimits(bytes: number, maxSize: number): InputLimits {
  if (maxSize > USUAL_MAX_SIZE) return { inflated: maxSize, memory: maxSize };
  return {
    inflated: Math.min(maxSize, BASE_INFLATED + bytes * INFLATED_PER_BYTE),
    memory: Math.min(maxSize, BASE_MEMORY + bytes * MEMORY_PER_BYTE),
  };
}
