import { outermostFields } from "../json.js";

/** The keys of profiles, in both formats of Firefox. */
const KEYS = new Set([
  "meta",
  "libs",
  "pages",
  "sources",
  "shared",
  "threads",
  "counters",
  "processes",
  "pausedRanges",
  "profilerOverhead",
  "profilingLog",
  "profileGatheringLog",
  "jsTracerDictionary",
  "symbolicated",
]);

/**
 * Returns the format of Firefox that `bytes` have: processed by the Firefox Profiler, or raw; undefined
 * for other inputs.
 */
export function detectFirefox(bytes: Uint8Array): "processed" | "raw" | undefined {
  for (const { key, valueAt } of outermostFields(bytes)) {
    if (!KEYS.has(key)) return undefined;
    if (key !== "meta") continue;
    let isRaw = false;
    for (const field of outermostFields(bytes.subarray(valueAt))) {
      if (field.key === "preprocessedProfileVersion") return "processed";
      // Both formats have an interval, and other files with these keys do not.
      if (field.key === "interval") isRaw = true;
    }
    return isRaw ? "raw" : undefined;
  }
  return undefined;
}
