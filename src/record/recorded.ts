import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readProfile } from "../formats/read.js";
import { V8_IDLE } from "../formats/v8/frames.js";
import { gunzip } from "../platform/files/gunzip.js";
import { gzip } from "../platform/files/gzip.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { type SourceMapMode, SourceMapUse } from "../source-code/source-map-use.js";
import { labelSamples } from "../transforms/label-samples.js";
import { mergeAll } from "../transforms/merge/merge-all.js";
import { type Started, threadFile } from "./plan.js";

/** The profile of one thread, in V8's format. */
export interface ThreadProfile {
  readonly pid: number;
  /** The name of the script; may be empty. */
  readonly program: string;
  /** `main`, or the name of a worker. */
  readonly thread: string;
  /** Reads V8's JSON. */
  json(): Uint8Array;
}

/** A thread that has not written its profile. */
export type LostThread = Omit<ThreadProfile, "json">;

/** Lists the threads that were recorded into a folder. */
export function recordedThreads(folder: string): { found: ThreadProfile[]; lost: LostThread[] } {
  const names = new Set(readdirSync(folder));
  const found: ThreadProfile[] = [];
  const lost: LostThread[] = [];
  /** The program of each process, as workers know only their own script. */
  const programs = new Map<number, string>();
  for (const name of [...names].sort(inOrder)) {
    if (!name.endsWith(".started")) continue;
    const {
      pid,
      thread,
      program: own,
    }: Started = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
    const program = programs.get(pid) ?? own;
    programs.set(pid, program);
    const stem = threadFile(pid, thread);
    const label = names.has(`${stem}.name`)
      ? readFileSync(path.join(folder, `${stem}.name`), "utf8")
      : thread === 0
        ? "main"
        : `worker ${thread}`;
    const file = path.join(folder, `${stem}.profile`);
    if (names.has(`${stem}.profile`)) {
      found.push({ pid, program, thread: label, json: () => readFileSync(file) });
    } else {
      lost.push({ pid, program, thread: label });
    }
  }
  return { found, lost };
}

/** Sorts the main thread of a process before its workers. */
function inOrder(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/**
 * Merges the profiles of all threads, with the labels `pid`, `process` and `thread`, and applies
 * source maps. Returns undefined if there are none. Throws a ProfileError if more than `limit`
 * bytes are needed.
 */
export async function mergeThreads(
  threads: readonly ThreadProfile[],
  { limit, sourceMaps }: { readonly limit: number; readonly sourceMaps: SourceMapMode },
  warn: (line: string) => void,
): Promise<Profile | undefined> {
  const maps = new SourceMapUse(sourceMaps);
  const merged = await mergeAll(
    threads.map(({ pid, program, thread, json }) => ({
      name: `the profile of process ${pid}`,
      async read() {
        const profile = await maps.apply(await readProfile(json(), gunzip, limit));
        const withPid = labelSamples(profile, "pid", String(pid));
        const labelled = labelSamples(withPid, "thread", thread);
        return program === "" ? labelled : labelSamples(labelled, "process", program);
      },
    })),
    limit,
  );
  maps.report(warn);
  return merged;
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
