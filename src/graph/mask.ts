/** Returns a mask of `length` entries with a 1 for each of `nodes`. */
export function maskOf(length: number, nodes: readonly number[]): Uint8Array {
  const mask = new Uint8Array(length);
  for (const node of nodes) mask[node] = 1;
  return mask;
}
