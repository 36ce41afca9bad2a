import type { JsonInput, JsonObject } from "../json.js";

/** The names and order of the fields of nodes, edges and locations, from a snapshot's `meta`. */
export interface SnapshotMeta {
  readonly nodes: Fields<"type" | "name" | "id" | "self_size" | "edge_count", NodeExtra>;
  readonly nodeTypes: readonly string[];
  readonly edges: Fields<"type" | "name_or_index" | "to_node">;
  readonly edgeTypes: readonly string[];
  readonly locations:
    | Fields<"object_index" | "script_id" | "line" | "column", "script_object_index">
    | undefined;
  readonly samples: SampleFields | undefined;
  /** Set if the snapshot has the stacks of allocations. */
  readonly traces: TraceMeta | undefined;
  /** The position of the root in the list of nodes: a number of fields, not of nodes. */
  readonly rootIndex: number;
  /** Memory outside of the heap that belongs to no node. */
  readonly extraNativeBytes: number;
}

/** Fields of nodes that not all snapshots have. */
type NodeExtra = "detachedness" | "trace_node_id";

/** The fields of the ids that V8 assigned last, in recordings of allocations. */
export type SampleFields = Fields<"timestamp_us" | "last_assigned_id">;

/** The fields of functions that allocate, and of the nodes of the tree of allocations. */
export interface TraceMeta {
  readonly functions: Fields<"name" | "script_name" | "line">;
  readonly tree: Fields<"id" | "function_info_index" | "children">;
}

/** The number of fields of a row, and the positions of some of them. */
export interface Fields<Name extends string, Optional extends string = never> {
  readonly width: number;
  readonly at: Readonly<Record<Name, number>> & Readonly<Partial<Record<Optional, number>>>;
}

/** A row has fewer fields, and there are fewer types, in any version of V8. */
const MAX_FIELDS = 64;
const MAX_TYPES = 256;

/** Reads the field `snapshot` of a heap snapshot. */
export function readMeta(json: JsonInput, value: unknown): SnapshotMeta {
  const {
    meta: given,
    root_index,
    extra_native_bytes,
    trace_function_count,
  } = json.object(value, "snapshot");
  const meta = json.object(given, "meta");
  const nodes = fieldsOf(
    json,
    meta,
    "node_fields",
    ["type", "name", "id", "self_size", "edge_count"],
    ["detachedness", "trace_node_id"],
  );
  const edges = fieldsOf(json, meta, "edge_fields", ["type", "name_or_index", "to_node"]);
  const locations =
    meta.location_fields === undefined
      ? undefined
      : fieldsOf(
          json,
          meta,
          "location_fields",
          ["object_index", "script_id", "line", "column"],
          ["script_object_index"],
        );
  const hasTraces =
    nodes.at.trace_node_id !== undefined &&
    json.whole(trace_function_count, "trace_function_count", 0) > 0;
  return {
    nodes,
    nodeTypes: typesOf(json, meta, "node_types", nodes.at.type),
    edges,
    edgeTypes: typesOf(json, meta, "edge_types", edges.at.type),
    locations,
    samples:
      meta.sample_fields === undefined
        ? undefined
        : fieldsOf(json, meta, "sample_fields", ["timestamp_us", "last_assigned_id"]),
    traces: hasTraces ? traceMetaOf(json, meta) : undefined,
    rootIndex: json.whole(root_index, "root_index", 0),
    extraNativeBytes: Math.max(0, json.whole(extra_native_bytes, "extra_native_bytes", 0)),
  };
}

function traceMetaOf(json: JsonInput, meta: JsonObject): TraceMeta {
  const functions = fieldsOf(json, meta, "trace_function_info_fields", [
    "name",
    "script_name",
    "line",
  ]);
  const tree = fieldsOf(json, meta, "trace_node_fields", ["id", "function_info_index", "children"]);
  if (tree.at.children !== tree.width - 1) {
    throw json.malformed("children is not the last of trace_node_fields");
  }
  return { functions, tree };
}

function fieldsOf<Name extends string, Optional extends string = never>(
  json: JsonInput,
  meta: JsonObject,
  key: string,
  names: readonly Name[],
  optional: readonly Optional[] = [],
): Fields<Name, Optional> {
  const list = json.list(meta[key], key);
  if (list.length > MAX_FIELDS) throw json.malformed(`${key} has more than ${MAX_FIELDS} fields`);
  const at: Partial<Record<Name | Optional, number>> = {};
  for (const name of names) {
    at[name] = list.indexOf(name);
    if (at[name] === -1) throw json.malformed(`${key} has no field ${name}`);
  }
  for (const name of optional) if (list.includes(name)) at[name] = list.indexOf(name);
  return { width: list.length, at: at as Fields<Name, Optional>["at"] };
}

function typesOf(json: JsonInput, meta: JsonObject, key: string, at: number): readonly string[] {
  const types = json.list(json.list(meta[key], key)[at], `an entry of ${key}`);
  if (types.length > MAX_TYPES) throw json.malformed(`${key} has more than ${MAX_TYPES} types`);
  return types.map((type) => json.text(type, `a type of ${key}`));
}
