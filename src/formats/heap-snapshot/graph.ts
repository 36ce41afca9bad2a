import type { Budget } from "../../profile/budget.js";
import { decodeUtf8 } from "../../profile/utf8.js";
import type { JsonInput } from "../json.js";
import { AllocationTimes } from "./allocation-times.js";
import { AllocationTraces } from "./allocation-traces.js";
import { type Layout, layoutOf, type SnapshotStrings } from "./layout.js";
import { readMeta, type SnapshotMeta } from "./meta.js";
import { NumberList } from "./number-list.js";

/** The field `snapshot` has a few kilobytes. */
const MAX_META_BYTES = 1 << 20;

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/**
 * Flags in the lower bits of an entry of {@link HeapGraph.edges}, above them is the number of the
 * node. An edge with {@link NOT_RETAINING} shows only that a page can reach the node.
 */
export const NOT_RETAINING = 1;
export const HIDDEN = 2;
export const EDGE_FLAG_BITS = 2;

/** No node. Nodes have at least ten bytes in a file, so their numbers are far smaller. */
export const NO_NODE = 2 ** 32 - 1;

/** The nodes and edges of a heap snapshot. Weak edges are left out. */
export interface HeapGraph {
  readonly nodeCount: number;
  readonly root: number;
  /** By node: the number of its type in `types`. */
  readonly type: Uint8Array;
  readonly types: readonly string[];
  /** By node: its string. */
  readonly name: Uint32Array;
  /** By node, in bytes. */
  readonly selfSize: Float64Array;
  /** By node: 1 if it is attached to a document, 2 if it is detached; 0 if unknown. */
  readonly detachedness: Uint8Array | undefined;
  /** The edges of node `n` are `edges[firstEdge[n], firstEdge[n + 1])`. */
  readonly firstEdge: Uint32Array;
  readonly edges: Uint32Array;
  /** By node: of a closure its shared code, of shared code its script; else {@link NO_NODE}. */
  readonly code: Uint32Array;
  readonly strings: SnapshotStrings;
  readonly locations: Locations | undefined;
  /** By node: the number of the stack that allocated it; 0 if unknown. */
  readonly traceNode: Uint32Array | undefined;
  readonly traces: AllocationTraces | undefined;
  /** By node: V8's id, modulo 2^32; undefined without {@link times}. */
  readonly ids: Uint32Array | undefined;
  readonly times: AllocationTimes | undefined;
  /** Memory outside of the heap that belongs to no node. */
  readonly extraNativeBytes: number;
}

/** The positions of closures, and of the constructors of objects. */
export interface Locations {
  readonly list: NumberList;
  readonly meta: NonNullable<SnapshotMeta["locations"]>;
  readonly nodeWidth: number;
}

/** Reads a heap snapshot. Checks all numbers of nodes and strings. */
export function readGraph(bytes: Uint8Array, json: JsonInput): HeapGraph {
  const layout = layoutOf(bytes, json);
  const { strings } = layout;
  const meta = metaOf(bytes, layout, json);
  const list = (name: string) => {
    const range = layout.fields.get(name);
    if (!range) throw json.malformed(`there are no ${name}`);
    return new NumberList(bytes, range, json, name);
  };
  const nodes = readNodes(list("nodes"), meta, strings, json);
  const { nodeCount } = nodes;
  const edges = readEdges(list("edges"), nodes, meta, strings, json);
  const root = meta.rootIndex / meta.nodes.width;
  if (!Number.isInteger(root) || root < 0 || root >= nodeCount) {
    throw json.malformed("root_index is not a node");
  }
  const locations =
    meta.locations && layout.fields.has("locations")
      ? { list: list("locations"), meta: meta.locations, nodeWidth: meta.nodes.width }
      : undefined;
  const { ids, ...columns } = nodes;
  const [functions, tree] = ["trace_function_infos", "trace_tree"].map((name) =>
    layout.fields.get(name),
  );
  const traces =
    meta.traces && functions && tree
      ? new AllocationTraces(bytes, { functions, tree }, meta.traces, strings, json)
      : undefined;
  const hasTimes = meta.samples !== undefined && layout.fields.has("samples");
  const samples = hasTimes
    ? new AllocationTimes(list("samples"), meta.samples, json.budget)
    : undefined;
  // The first sample is the beginning of the recording.
  const times = samples && samples.length > 1 ? samples : undefined;
  return {
    ...columns,
    ...edges,
    ...{ root, types: meta.nodeTypes, strings, locations, traces, times },
    ids: times && ids,
    extraNativeBytes: meta.extraNativeBytes,
  };
}

function metaOf(bytes: Uint8Array, { fields }: Layout, json: JsonInput): SnapshotMeta {
  const range = fields.get("snapshot");
  if (!range) throw json.malformed("there is no field snapshot");
  if (range.end - range.start > MAX_META_BYTES) throw json.malformed("snapshot is too long");
  try {
    return readMeta(json, JSON.parse(decodeUtf8(bytes, range.start, range.end)));
  } catch (error) {
    throw error instanceof SyntaxError ? json.malformed("snapshot is invalid JSON") : error;
  }
}

interface Nodes
  extends Pick<
    HeapGraph,
    "nodeCount" | "type" | "name" | "selfSize" | "detachedness" | "traceNode" | "firstEdge"
  > {
  readonly ids: Uint32Array;
}

function readNodes(
  list: NumberList,
  { nodes: { width, at }, nodeTypes, traces }: SnapshotMeta,
  strings: SnapshotStrings,
  json: JsonInput,
): Nodes {
  const nodeCount = list.rows(width);
  if (nodeCount === 0) throw json.malformed("there are no nodes");
  const { budget } = json;
  const type = bytesFor(budget, nodeCount);
  const name = wordsFor(budget, nodeCount);
  const ids = wordsFor(budget, nodeCount);
  const firstEdge = wordsFor(budget, nodeCount + 1);
  budget.charge(nodeCount * 8);
  const selfSize = new Float64Array(nodeCount);
  const detachedness = at.detachedness === undefined ? undefined : bytesFor(budget, nodeCount);
  const traceNode = traces && wordsFor(budget, nodeCount);
  const row = new Float64Array(width);
  let edgeCount = 0;
  let total = 0;
  for (let node = 0; node < nodeCount; node++) {
    for (let field = 0; field < width; field++) row[field] = list.next();
    if (row[at.type] >= nodeTypes.length) throw json.malformed("a node has an unknown type");
    if (row[at.name] >= strings.length) throw json.malformed("the name of a node is no string");
    total += row[at.self_size];
    if (total > Number.MAX_SAFE_INTEGER) throw json.malformed("the sizes exceed 2^53 bytes");
    type[node] = row[at.type];
    name[node] = row[at.name];
    ids[node] = row[at.id];
    selfSize[node] = row[at.self_size];
    firstEdge[node] = edgeCount;
    edgeCount += row[at.edge_count];
    if (!(edgeCount < NO_NODE)) throw json.malformed("a node has too many edges");
    if (detachedness && at.detachedness !== undefined) detachedness[node] = row[at.detachedness];
    if (traceNode && at.trace_node_id !== undefined) traceNode[node] = row[at.trace_node_id];
  }
  firstEdge[nodeCount] = edgeCount;
  return { nodeCount, type, name, selfSize, detachedness, traceNode, firstEdge, ids };
}

/** Reads the edges. Moves `firstEdge`, since weak edges are left out. */
function readEdges(
  list: NumberList,
  { nodeCount, type, firstEdge, ids }: Nodes,
  { nodes: { width: nodeWidth }, edges: { width, at }, nodeTypes, edgeTypes }: SnapshotMeta,
  strings: SnapshotStrings,
  json: JsonInput,
): Pick<HeapGraph, "firstEdge" | "edges" | "code"> {
  const edgeCount = list.rows(width);
  if (firstEdge[nodeCount] !== edgeCount) {
    throw json.malformed(
      `the nodes have ${firstEdge[nodeCount]} edges, but there are ${edgeCount}`,
    );
  }
  const edges = wordsFor(json.budget, edgeCount);
  const code = wordsFor(json.budget, nodeCount).fill(NO_NODE);
  const names = new EdgeNames(strings, json.budget);
  const closure = nodeTypes.indexOf("closure");
  const codeType = nodeTypes.indexOf("code");
  const weak = edgeTypes.indexOf("weak");
  const shortcut = edgeTypes.indexOf("shortcut");
  const hidden = edgeTypes.indexOf("hidden");
  const internal = edgeTypes.indexOf("internal");
  const row = new Float64Array(width);
  let kept = 0;
  let edge = 0;
  for (let node = 0; node < nodeCount; node++) {
    const end = firstEdge[node + 1];
    firstEdge[node] = kept;
    for (; edge < end; edge++) {
      for (let field = 0; field < width; field++) row[field] = list.next();
      const edgeType = row[at.type];
      const to = row[at.to_node] / nodeWidth;
      if (edgeType >= edgeTypes.length) throw json.malformed("an edge has an unknown type");
      if (!Number.isInteger(to) || to >= nodeCount) {
        throw json.malformed("an edge leads to a position that is not a node");
      }
      if (edgeType === weak) continue;
      let flags = edgeType === shortcut ? NOT_RETAINING : edgeType === hidden ? HIDDEN : 0;
      if (edgeType === internal) {
        const kind = names.kind(row[at.name_or_index]);
        if (kind === EdgeName.pair && names.isTable(row[at.name_or_index], ids[node])) {
          flags = NOT_RETAINING;
        } else if (
          (kind === EdgeName.shared && type[node] === closure) ||
          (kind === EdgeName.script && type[node] === codeType)
        ) {
          code[node] = to;
        }
      }
      edges[kept++] = to * (1 << EDGE_FLAG_BITS) + flags;
    }
  }
  firstEdge[nodeCount] = kept;
  return { firstEdge, edges: edges.subarray(0, kept), code };
}

const EdgeName = { unknown: 0, other: 1, shared: 2, script: 3, pair: 4 } as const;
type EdgeName = (typeof EdgeName)[keyof typeof EdgeName];

/** V8's name of an edge to a value in a WeakMap, which both the key and the table have. */
const PAIR = /^\d+ \/ part of key .* pair in WeakMap \(table @(\d+)\)$/;

/** Classifies the names of internal edges. */
class EdgeNames {
  readonly #strings: SnapshotStrings;
  readonly #kinds: Uint8Array;

  constructor(strings: SnapshotStrings, budget: Budget) {
    this.#strings = strings;
    this.#kinds = bytesFor(budget, strings.length);
  }

  /** Returns the kind of the name at index `name`, which may be out of range. */
  kind(name: number): EdgeName {
    if (name >= this.#kinds.length) return EdgeName.other;
    let kind = this.#kinds[name] as EdgeName;
    if (kind === EdgeName.unknown) {
      kind = this.#classify(name);
      this.#kinds[name] = kind;
    }
    return kind;
  }

  /** Tests whether the pair with this name is in the table with this id. */
  isTable(name: number, id: number): boolean {
    return Number(PAIR.exec(this.#strings.text(name))?.[1]) === id;
  }

  #classify(name: number): EdgeName {
    const strings = this.#strings;
    const first = strings.firstByte(name);
    if (first >= DIGIT_0 && first <= DIGIT_9) {
      return PAIR.test(strings.text(name)) ? EdgeName.pair : EdgeName.other;
    }
    if (strings.equals(name, "shared")) return EdgeName.shared;
    // Named by older and newer versions of V8.
    return strings.equals(name, "script") || strings.equals(name, "script_or_debug_info")
      ? EdgeName.script
      : EdgeName.other;
  }
}

export function wordsFor(budget: Budget, length: number): Uint32Array<ArrayBuffer> {
  budget.charge(length * 4);
  return new Uint32Array(length);
}

export function bytesFor(budget: Budget, length: number): Uint8Array<ArrayBuffer> {
  budget.charge(length);
  return new Uint8Array(length);
}
