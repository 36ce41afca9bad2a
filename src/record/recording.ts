import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Sampling } from "../v8/protocol.js";
import { memoryFile, memoryProfile, type NearLimit, type Started, threadFile } from "./plan.js";

/** A thread of a recorded process. */
export interface RecordedThread {
  readonly pid: number;
  /** The name of the script; may be empty. */
  readonly program: string;
  /** `main`, or the name of a worker. */
  readonly thread: string;
  /** Its process, also for workers. */
  readonly process: Started["process"];
  /** The files with its profiles, oldest first. */
  readonly files: readonly ProfileFile[];
  /** The common part of the paths of its files ({@link threadFile}). */
  readonly stem: string;
  /** Whether it wrote its last samples. */
  readonly hasEnded: boolean;
  /** The time from its start to its last checkpoint in seconds; 0 without any. */
  readonly recordedSeconds: number;
}

export interface ProfileFile {
  readonly kind: Sampling["kind"];
  readonly path: string;
  /** The wall-clock time of its start in nanoseconds. */
  readonly timeNanos: bigint;
  /** The time from its start until it was written, in nanoseconds. */
  readonly durationNanos: number;
}

/** Lists the threads that were recorded into a folder, main threads before their workers. */
export function recordedThreads(folder: string): RecordedThread[] {
  const names = readdirSync(folder).sort(inOrder);
  const all = new Set(names);
  const files = new Map<string, ProfileFile[]>();
  for (const name of names) {
    const [, stem, time, kind] =
      /^([0-9]+-[0-9]+)\.([0-9]+)\.(cpu|heap)\.profile$/.exec(name) ?? [];
    if (stem === undefined) continue;
    const file = path.join(folder, name);
    const timeNanos = BigInt(time) * 1000n;
    const durationNanos =
      Math.max(0, Math.round(statSync(file).mtimeMs * 1000 - Number(time))) * 1000;
    const profile = { kind: kind as Sampling["kind"], path: file, timeNanos, durationNanos };
    files.set(stem, [...(files.get(stem) ?? []), profile]);
  }
  /** The main thread of each process, as workers know only their own script. */
  const mains = new Map<number, Started>();
  /** The number of workers of each process so far. Thread ids also count tsprof's own workers. */
  const workers = new Map<number, number>();
  return names
    .filter((name) => name.endsWith(".started"))
    .map((name) => {
      const started: Started = readJson(path.join(folder, name));
      const { pid } = started.process;
      const main = mains.get(pid) ?? started;
      mains.set(pid, main);
      const number = started.thread === 0 ? 0 : (workers.get(pid) ?? 0) + 1;
      workers.set(pid, number);
      const nameless = number === 0 ? "main" : `worker ${number}`;
      const stem = threadFile(pid, started.thread);
      const profiles = files.get(stem) ?? [];
      return {
        pid,
        program: main.program,
        thread: all.has(`${stem}.name`)
          ? readFileSync(path.join(folder, `${stem}.name`), "utf8")
          : nameless,
        process: main.process,
        files: profiles,
        stem: path.join(folder, stem),
        hasEnded: all.has(`${stem}.ended`),
        recordedSeconds: secondsUntil(profiles.at(-1), started),
      };
    });
}

function secondsUntil(last: ProfileFile | undefined, { timeMicros }: Started): number {
  if (!last) return 0;
  return Math.max(0, statSync(last.path).mtimeMs / 1000 - timeMicros / 1e6);
}

/** A process that came near its heap limit. */
export interface FullHeap extends NearLimit {
  readonly pid: number;
  readonly program: string;
  /** The heap profile of that moment; undefined if the recording itself is one of the heap. */
  readonly file: string | undefined;
  /** The common part of the paths of its main thread's files. */
  readonly stem: string;
  readonly timeNanos: bigint;
}

/** The used share of its heap that counts as near the limit even if the process ended as usual. */
const NEAR_LIMIT_SHARE = 0.85;

/** Lists the processes that came near their heap limits. */
export function fullHeaps(folder: string, threads: readonly RecordedThread[]): FullHeap[] {
  const names = new Set(readdirSync(folder));
  return threads
    .filter(({ pid, thread }) => thread === "main" && names.has(memoryFile(pid)))
    .flatMap(({ pid, program, hasEnded, stem }) => {
      const limit: NearLimit = readJson(path.join(folder, memoryFile(pid)));
      if (hasEnded && limit.used < limit.limit * NEAR_LIMIT_SHARE) return [];
      const profile = memoryProfile(pid);
      const file = names.has(profile) ? path.join(folder, profile) : undefined;
      const timeNanos = BigInt(Math.round(limit.timeMicros)) * 1000n;
      return [{ ...limit, pid, program, file, stem, timeNanos }];
    });
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8"));
}

function inOrder(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
