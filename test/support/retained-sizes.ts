import type { ParsedSnapshot } from "./heap-snapshots.js";

/** The values of a class in Chrome DevTools' summary of a heap snapshot. */
export interface ClassSizes {
  count: number;
  shallow: number;
  retained: number;
}

interface Node {
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly size: number;
  /** 1 for attached to a document, 2 for detached. */
  detachedness: number;
  readonly edges: { readonly type: string; readonly name: string; readonly to: number }[];
}

/** Returns the nodes of a parsed snapshot as objects. */
export function nodesOf({ snapshot: { meta }, nodes, edges, strings }: ParsedSnapshot): Node[] {
  const field = meta.node_fields.indexOf.bind(meta.node_fields);
  const edgeField = meta.edge_fields.indexOf.bind(meta.edge_fields);
  const [width, edgeWidth] = [meta.node_fields.length, meta.edge_fields.length];
  const types = meta.node_types[field("type")] as string[];
  const edgeTypes = meta.edge_types[edgeField("type")] as string[];
  let edge = 0;
  return Array.from({ length: nodes.length / width }, (_, index) => {
    const row = nodes.slice(index * width, (index + 1) * width);
    return {
      type: types[row[field("type")]],
      name: strings[row[field("name")]],
      id: row[field("id")],
      size: row[field("self_size")],
      detachedness: row[field("detachedness")] ?? 0,
      edges: Array.from({ length: row[field("edge_count")] }, () => {
        const start = edge++ * edgeWidth;
        const type = edgeTypes[edges[start + edgeField("type")]];
        const name = edges[start + edgeField("name_or_index")];
        return {
          type,
          name: type === "element" || type === "hidden" ? String(name) : strings[name],
          to: edges[start + edgeField("to_node")] / width,
        };
      }),
    };
  });
}

/** Returns the targets of the edges of each node that retain their targets, as in DevTools. */
export function retainedTargets(nodes: readonly Node[]): number[][] {
  const isOfPage = new Set<number>();
  const open = nodes[0].edges
    .filter(({ type, to }) => type === "shortcut" || nodes[to].name === "(Document DOM trees)")
    .map(({ to }) => to);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isOfPage.has(node)) continue;
    isOfPage.add(node);
    for (const { type, to } of nodes[node].edges) if (type !== "weak") open.push(to);
  }
  return nodes.map(({ id, edges }, from) =>
    edges
      .filter(({ type, name, to }) => {
        if (type === "weak" || to === from) return false;
        if (type === "internal" && name.endsWith(` pair in WeakMap (table @${id})`)) return false;
        if (from === 0) return true;
        return type !== "shortcut" && !(isOfPage.has(to) && !isOfPage.has(from));
      })
      .map(({ to }) => to),
  );
}

/**
 * Returns the immediate dominator of each node, by the iterative algorithm of Cooper, Harvey and
 * Kennedy. Nodes that cannot be reached have the dominator -1, as has the root, node 0.
 */
export function immediateDominators(targets: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const state = targets.map(() => 0);
  const open = [0];
  while (open.length > 0) {
    const node = open[open.length - 1];
    if (state[node] === 0) {
      state[node] = 1;
      for (const to of targets[node]) if (state[to] === 0) open.push(to);
    } else {
      open.pop();
      if (state[node] === 1) order.push(node);
      state[node] = 2;
    }
  }
  const rank = targets.map(() => -1);
  order.forEach((node, i) => {
    rank[node] = i;
  });
  const sources = targets.map((): number[] => []);
  targets.forEach((list, from) => {
    if (rank[from] >= 0) for (const to of list) sources[to].push(from);
  });
  const dominators = targets.map(() => -1);
  dominators[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = order.length - 2; i >= 0; i--) {
      const node = order[i];
      let found = -1;
      for (const source of sources[node]) {
        if (dominators[source] < 0) continue;
        let other = source;
        while (found >= 0 && found !== other) {
          if (rank[other] < rank[found]) other = dominators[other];
          else found = dominators[found];
        }
        found = other;
      }
      if (dominators[node] !== found) {
        dominators[node] = found;
        changed = true;
      }
    }
  }
  dominators[0] = -1;
  return dominators;
}

/** Passes the states of native nodes on to the native nodes that they refer to. */
function propagateDetachedness(nodes: readonly Node[]): void {
  for (const state of [1, 2]) {
    const open = nodes.filter(({ detachedness }) => detachedness === state);
    for (let node = open.pop(); node; node = open.pop()) {
      for (const { type, to } of node.edges) {
        if (type === "weak" || type === "hidden") continue;
        const target = nodes[to];
        if (target.type !== "native" || target.detachedness === state) continue;
        if (state === 2 && target.detachedness === 1) continue;
        target.detachedness = state;
        open.push(target);
      }
    }
  }
}

const CLASSES: Record<string, string> = { hidden: "(system)", code: "(compiled code)" };

function className({ type, name, detachedness }: Node): string {
  if (type === "native" && detachedness === 2) return `Detached ${name}`;
  return ["object", "native", "synthetic"].includes(type) ? name : (CLASSES[type] ?? `(${type})`);
}

/**
 * Returns the values of each class. Retained sizes add up the sizes retained by the objects that no
 * object of the same class dominates.
 */
export function classSizes(snapshot: ParsedSnapshot): Map<string, ClassSizes> {
  const nodes = nodesOf(snapshot);
  propagateDetachedness(nodes);
  const dominators = immediateDominators(retainedTargets(nodes));
  const sizes = new Map<string, ClassSizes>();
  const sizesOf = (name: string) => {
    const found = sizes.get(name) ?? { count: 0, shallow: 0, retained: 0 };
    sizes.set(name, found);
    return found;
  };
  nodes.forEach((node, index) => {
    if (node.size === 0 && node.type !== "native") return;
    const own = sizesOf(className(node));
    own.count++;
    own.shallow += node.size;
    const classes = new Set([className(node)]);
    for (let at = dominators[index]; at > 0; at = dominators[at]) classes.add(className(nodes[at]));
    for (const name of classes) sizesOf(name).retained += node.size;
  });
  return sizes;
}
