import type { JsonInput, JsonObject } from "../json.js";

/** The memory of a node of the list, and of an entry of the list of open nodes, in bytes. */
const NODE_BYTES = 120;
const OPEN_NODE_BYTES = 40;

const MICROS_PER_SECOND = 1e6;

/**
 * Converts a profile of old versions of V8 to the current form: a tree of nodes under `head`, which
 * v8-profiler-next still writes by default, becomes a list of nodes with parents. The fields of a
 * call frame are in the node itself; lines and columns count from 1. `startTime` and `endTime` are
 * seconds.
 */
export function nodesOfTree(json: JsonInput, profile: JsonObject): JsonObject {
  const nodes: JsonObject[] = [];
  const open: { node: unknown; parent: unknown }[] = [{ node: profile.head, parent: undefined }];
  for (let next = open.pop(); next; next = open.pop()) {
    const node = json.object(next.node, "a node");
    const { id = -1 - nodes.length, hitCount, positionTicks, lineTicks, children } = node;
    json.budget.charge(NODE_BYTES);
    const { parent } = next;
    nodes.push({ id, parent, callFrame: node, hitCount, positionTicks, lineTicks });
    const callees = json.list(children, "the children of a node", true);
    json.budget.charge(callees.length * OPEN_NODE_BYTES);
    for (let i = callees.length - 1; i >= 0; i--) open.push({ node: callees[i], parent: id });
  }
  const { samples, timestamps, timeDeltas, startTime, endTime } = profile;
  return {
    nodes,
    samples,
    timestamps,
    timeDeltas,
    startTime: microsOf(json, startTime, timestamps, "startTime"),
    endTime: microsOf(json, endTime, timestamps, "endTime"),
  };
}

/** Returns a time in microseconds; undefined if it is in whole seconds, but samples are exact. */
function microsOf(json: JsonInput, value: unknown, timestamps: unknown, what: string) {
  if (value === undefined || value === null) return undefined;
  const seconds = json.number(value, what);
  return timestamps && Number.isInteger(seconds) ? undefined : seconds * MICROS_PER_SECOND;
}
