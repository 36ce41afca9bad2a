import { readProfile } from "../formats/read.js";
import { V8_IDLE } from "../formats/v8/frames.js";
import { gunzip } from "../platform/files/gunzip.js";
import { gzip } from "../platform/files/gzip.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { type SourceMapMode, SourceMapUse } from "../source-code/source-map-use.js";
import { labelSamples } from "../transforms/label-samples.js";
import { mergeAll } from "../transforms/merge/merge-all.js";

/** A profile of a thread, in V8's format. A thread may have several, one after the other. */
export interface ThreadProfile {
  readonly pid: number;
  /** The name of the script; may be empty. */
  readonly program: string;
  /** `main`, or the name of a worker. */
  readonly thread: string;
  /** The wall-clock time of its start in nanoseconds. */
  readonly timeNanos: bigint;
  /** Reads V8's JSON. */
  json(): Uint8Array;
}

export interface MergeSettings {
  readonly limit: number;
  readonly sourceMaps: SourceMapMode;
  /** The time between samples in nanoseconds, or their distance in bytes. */
  readonly period: number;
}

/**
 * Merges profiles of threads, with the labels `pid`, `process` and `thread`, and applies source
 * maps. The duration is the time from the first start to the last end. Returns undefined if there
 * are no profiles. Throws a ProfileError if more than `limit` bytes are needed.
 */
export async function mergeThreads(
  threads: readonly ThreadProfile[],
  { limit, sourceMaps, period }: MergeSettings,
  warn: (line: string) => void,
): Promise<Profile | undefined> {
  const maps = new SourceMapUse(sourceMaps);
  let end = 0n;
  const merged = await mergeAll(
    threads.map(({ pid, program, thread, timeNanos, json }) => ({
      name: `the profile of process ${pid}`,
      async read() {
        const profile = await maps.apply(await readProfile(json(), gunzip, limit));
        const ownEnd = timeNanos + BigInt(profile.durationNanos);
        if (ownEnd > end) end = ownEnd;
        const withPid = labelSamples({ ...profile, timeNanos, period }, "pid", String(pid));
        const labelled = labelSamples(withPid, "thread", thread);
        return program === "" ? labelled : labelSamples(labelled, "process", program);
      },
    })),
    limit,
  );
  maps.report(warn);
  return merged && { ...merged, durationNanos: Number(end - BigInt(merged.timeNanos)) };
}

/** A pattern for the frame of threads that wait for events. */
export const WAITS = "^\\(idle\\)$";

/** Returns whether some thread has waited, so that {@link WAITS} matches. */
export function hasWaits({ functions, strings }: Profile): boolean {
  for (let fn = 0; fn < functions.length; fn++) {
    if (strings.get(functions.name[fn]) === V8_IDLE) return true;
  }
  return false;
}

/** Encodes a profile as gzipped profile.proto, with the times of samples. */
export function profileBytes(profile: Profile): AsyncIterable<Uint8Array> {
  return gzip(encodePieces(profile, true));
}
