import { type JsonObject, outermostFields } from "../json.js";

/**
 * Fields that hold the profile in results of the inspector protocol: `{"profile": …}` of a command,
 * `{"id": 1, "result": {"profile": …}}` of a message.
 */
const WRAPPERS = ["result", "profile"];

/** Keys that may precede the tree or the profile. */
const OTHER_KEYS = [
  "startTime",
  "endTime",
  "samples",
  "timeDeltas",
  "timestamps",
  "title",
  "typeId",
  "uid",
  "$vscode",
  "id",
  "sessionId",
];

/**
 * Returns the kind of V8 profile that `bytes` have. Both kinds may have a tree under `head`, whose
 * nodes have a `hitCount` in CPU profiles, and a `selfSize` in heap profiles.
 */
export function detectV8(bytes: Uint8Array, wrappers = WRAPPERS): "cpu" | "heap" | undefined {
  for (const { key, valueAt } of outermostFields(bytes)) {
    if (key === "nodes") return "cpu";
    if (key === "head") return kindOfTree(bytes.subarray(valueAt));
    const wrapper = wrappers.indexOf(key);
    if (wrapper >= 0) return detectV8(bytes.subarray(valueAt), wrappers.slice(wrapper + 1));
    if (!OTHER_KEYS.includes(key)) return undefined;
  }
  return undefined;
}

function kindOfTree(head: Uint8Array): "cpu" | "heap" {
  for (const { key } of outermostFields(head)) {
    if (key === "hitCount") return "cpu";
    if (key === "selfSize") return "heap";
  }
  return "heap";
}

/** Returns the profile inside the results that {@link detectV8} accepts. */
export function unwrapV8(value: unknown): unknown {
  let inner = value;
  for (const key of WRAPPERS) {
    const { [key]: next, nodes, head } = (inner ?? {}) as JsonObject;
    if (next !== undefined && nodes === undefined && head === undefined) inner = next;
  }
  return inner;
}
