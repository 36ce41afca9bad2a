import { readFileSync } from "node:fs";
import path from "node:path";
import { type CpuPoller, loggedReadings } from "./cpu-accounting.js";
import { sorted } from "./cpu-times.js";
import type { FullHeap, RecordedThread } from "./recording.js";
import { readScripts } from "./script-log.js";
import type { ThreadProfile } from "./thread-profiles.js";

/** Returns all profiles of recorded threads, with the CPU times that a poller has read. */
export function recordedProfiles(
  threads: readonly RecordedThread[],
  poller?: CpuPoller,
): ThreadProfile[] {
  return threads.flatMap(({ pid, program, thread, files, stem }) => {
    const polled = poller?.readings(path.basename(stem)) ?? [];
    const readings = sorted([...loggedReadings(`${stem}.cpu`), ...polled]);
    return files.map(({ kind, path: file, timeNanos, durationNanos }) => ({
      ...{ kind, pid, program, thread, timeNanos, durationNanos },
      json: () => readFileSync(file),
      scripts: () => readScripts(`${stem}.scripts`),
      cpuReadings: () => readings,
    }));
  });
}

/** Returns the heap profile of a process that came near its limit, if it wrote one. */
export function fullHeapProfile(heap: FullHeap): ThreadProfile | undefined {
  const { pid, program, file, stem, timeNanos } = heap;
  if (file === undefined) return undefined;
  return {
    ...{ kind: "heap", pid, program, thread: "main", timeNanos, durationNanos: 0 },
    json: () => readFileSync(file),
    scripts: () => readScripts(`${stem}.scripts`),
    cpuReadings: () => [],
  };
}
