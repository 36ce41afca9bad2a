globalThis.tsprofOnce ??= new Map();
const results = globalThis.tsprofOnce;

/**
 * Returns the result of the first call with this key in this process. Vitest loads its
 * configuration, and so these modules, again for each project.
 */
export function once(key, make) {
  if (!results.has(key)) results.set(key, make());
  return results.get(key);
}
