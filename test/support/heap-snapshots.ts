/** A node of a composed heap snapshot; edges lead to the indices of nodes. */
export interface SnapshotNode {
  readonly type: string;
  readonly name: string;
  readonly size: number;
  readonly id?: number;
  readonly detachedness?: number;
  readonly trace?: number;
  readonly edges?: readonly (readonly [type: string, name: string | number, to: number])[];
}

/** The parts of a parsed heap snapshot that tests look at. */
export interface ParsedSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly unknown[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly unknown[];
      readonly location_fields?: readonly string[];
    };
    readonly node_count: number;
    readonly edge_count: number;
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly locations?: readonly number[];
  readonly strings: readonly string[];
}

const NODE_FIELDS = [
  ...["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"],
];
const NODE_TYPES = [
  ...["hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native"],
  ...["synthetic", "concatenated string", "sliced string", "symbol", "bigint", "object shape"],
];
const EDGE_FIELDS = ["type", "name_or_index", "to_node"];
const EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"];

export interface SnapshotLayout {
  /** The order of the fields of nodes and edges. V8's by default. */
  readonly nodeFields?: readonly string[];
  readonly edgeFields?: readonly string[];
  /** Rows of node index, script id, line and column. */
  readonly locations?: readonly (readonly [number, number, number, number])[];
}

/** Composes a heap snapshot as V8 writes it. */
export function snapshotOf(
  nodes: readonly SnapshotNode[],
  { nodeFields = NODE_FIELDS, edgeFields = EDGE_FIELDS, locations = [] }: SnapshotLayout = {},
): ParsedSnapshot {
  const strings: string[] = [];
  const indices = new Map<string, number>();
  const indexOf = (text: string) => {
    const index = indices.get(text) ?? strings.length;
    if (index === strings.length) strings.push(text);
    indices.set(text, index);
    return index;
  };
  const nodeRow = (node: SnapshotNode, index: number): Record<string, number> => ({
    type: NODE_TYPES.indexOf(node.type),
    name: indexOf(node.name),
    id: node.id ?? index * 2 + 1,
    self_size: node.size,
    edge_count: node.edges?.length ?? 0,
    trace_node_id: node.trace ?? 0,
    detachedness: node.detachedness ?? 0,
  });
  const nodeNumbers: number[] = [];
  const edgeNumbers: number[] = [];
  nodes.forEach((node, index) => {
    const row = nodeRow(node, index);
    for (const field of nodeFields) nodeNumbers.push(row[field]);
    for (const [type, name, to] of node.edges ?? []) {
      const edge: Record<string, number> = {
        type: EDGE_TYPES.indexOf(type),
        name_or_index: typeof name === "string" ? indexOf(name) : name,
        to_node: to * nodeFields.length,
      };
      for (const field of edgeFields) edgeNumbers.push(edge[field]);
    }
  });
  return {
    snapshot: {
      meta: {
        node_fields: nodeFields,
        node_types: nodeFields.map((field) => (field === "type" ? NODE_TYPES : "number")),
        edge_fields: edgeFields,
        edge_types: edgeFields.map((field) => (field === "type" ? EDGE_TYPES : "number")),
        location_fields: ["object_index", "script_id", "line", "column"],
      },
      node_count: nodes.length,
      edge_count: edgeNumbers.length / edgeFields.length,
    },
    nodes: nodeNumbers,
    edges: edgeNumbers,
    locations: locations.flatMap(([node, ...rest]) => [node * nodeFields.length, ...rest]),
    strings,
  };
}
