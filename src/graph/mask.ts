/** A 1 for each of `nodes`, of `length` nodes. */
export function maskOf(length: number, nodes: readonly number[]): Uint8Array {
  const mask = new Uint8Array(length);
  for (const node of nodes) mask[node] = 1;
  return mask;
}
