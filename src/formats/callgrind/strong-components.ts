/**
 * Returns the number of the strongly connected component of each node: two nodes have the same
 * number if each can be reached from the other. `targets` has the successors of each node. Uses
 * Tarjan's algorithm without recursion.
 */
export function componentsOf(targets: readonly (readonly number[])[]): Uint32Array {
  const count = targets.length;
  const component = new Uint32Array(count);
  /** The order in which nodes are found, from 1; 0 for nodes that are not found yet. */
  const found = new Uint32Array(count);
  /** The earliest node that can be reached from a node, by the order in `found`. */
  const earliest = new Uint32Array(count);
  const isOpen = new Uint8Array(count);
  const nextTarget = new Uint32Array(count);
  const open: number[] = [];
  let order = 0;
  let components = 0;
  for (let start = 0; start < count; start++) {
    const path = found[start] === 0 ? [start] : [];
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (found[node] === 0) {
        found[node] = ++order;
        earliest[node] = order;
        isOpen[node] = 1;
        open.push(node);
      }
      if (nextTarget[node] < targets[node].length) {
        const target = targets[node][nextTarget[node]++];
        if (found[target] === 0) path.push(target);
        else if (isOpen[target]) earliest[node] = Math.min(earliest[node], found[target]);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const caller = path[path.length - 1];
        earliest[caller] = Math.min(earliest[caller], earliest[node]);
      }
      if (earliest[node] !== found[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        isOpen[member] = 0;
        component[member] = components;
        if (member === node) break;
      }
      components++;
    }
  }
  return component;
}
