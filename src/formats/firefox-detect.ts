import { outermostFields } from "./json.js";

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

/** Returns the format of Firefox that `bytes` have: processed by its profiler's page, or raw. */
export function detectFirefox(bytes: Uint8Array): "processed" | "raw" | undefined {
  for (const { key, valueAt } of outermostFields(bytes)) {
    if (!KEYS.has(key)) return undefined;
    if (key !== "meta") continue;
    let isRaw = false;
    for (const { key } of outermostFields(bytes.subarray(valueAt))) {
      if (key === "preprocessedProfileVersion") return "processed";
      // Both formats have a version, but other files with these keys have no interval.
      if (key === "interval") isRaw = true;
    }
    return isRaw ? "raw" : undefined;
  }
  return undefined;
}
