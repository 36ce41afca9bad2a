import { existsSync, writeFileSync } from "node:fs";
import type { Session } from "node:inspector";
import path from "node:path";
import { threadId } from "node:worker_threads";
import { prepareSampling, type Sampling, type Send, startSampling } from "../v8/protocol.js";
import { logReading, ownTask } from "./cpu-accounting.js";
import { type Plan, threadFile } from "./plan.js";
import { ScriptLog } from "./script-log.js";
import { attempt, writeWhole } from "./whole-file.js";

/** Captured now, because programs replace them, as fake timers in tests do. */
const { profile: beginProfile, profileEnd: endProfile } = console;
const clock = performance.now.bind(performance);

/** Returns the wall-clock time in microseconds, without the jumps of `Date.now()`. */
export function wallMicros(): number {
  return Math.round((performance.timeOrigin + clock()) * 1000);
}

/** The profiler of this thread, which writes its samples to files of the plan's folder. */
export interface ThreadProfiler {
  /** The folder of this thread in /proc, if the system accounts for its CPU time. */
  readonly task?: string | undefined;
  /**
   * Writes the samples since the last checkpoint, and continues. Returns the CPU time in
   * milliseconds that this needed.
   */
  checkpoint(): number;
  /** Writes the last samples and stops, once. */
  stop(): void;
}

type SynchronousSend = Send<{ readonly profile?: unknown } | undefined>;

/** Returns a function that sends a command to this thread and returns V8's answer. */
export function synchronousSend(session: Session): SynchronousSend {
  return (method, params) => {
    let answer: object | undefined;
    // The session belongs to this thread, so V8 answers before `post` returns.
    session.post(method, params, (_error, result) => {
      answer = result;
    });
    return answer;
  };
}

/** Starts V8's profiler in this thread. */
export function startProfiler(session: Session, plan: Plan): ThreadProfiler {
  const file = path.join(plan.folder, threadFile(process.pid, threadId));
  const send = synchronousSend(session);
  const scripts = new ScriptLog(session, send, `${file}.scripts`);
  const writeAs = (kind: Sampling["kind"]) => (timeMicros: number, profile: unknown) => {
    // Without its folder, the recording has been abandoned.
    if (!existsSync(plan.folder)) return;
    attempt(() => writeWhole(`${file}.${timeMicros}.${kind}.profile`, profile));
    attempt(() => scripts.add(profile));
  };
  const task = plan.samplings.some(({ kind }) => kind === "cpu") ? ownTask() : undefined;
  const account = () => {
    if (task !== undefined && existsSync(plan.folder)) logReading(task, `${file}.cpu`);
  };
  const profilers = plan.samplings.map((sampling) => {
    prepareSampling(send, sampling);
    const write = writeAs(sampling.kind);
    return sampling.kind === "cpu"
      ? sampleCpu(session, send, write)
      : sampleHeap(sampling, send, write);
  });
  attempt(account);
  let hasStopped = false;
  // A command can interrupt this thread anywhere, even here.
  let isBusy = false;
  const exclusively = (work: () => void) => {
    if (isBusy || hasStopped) return;
    isBusy = true;
    attempt(account);
    work();
    isBusy = false;
  };
  return {
    task,
    checkpoint: () => {
      const before = process.cpuUsage();
      exclusively(() => {
        for (const profiler of profilers) attempt(profiler.checkpoint);
      });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    },
    stop: () =>
      exclusively(() => {
        hasStopped = true;
        for (const profiler of profilers) attempt(profiler.stop);
        attempt(() => {
          if (existsSync(plan.folder)) writeFileSync(`${file}.ended`, "");
        });
      }),
  };
}

type Write = (timeMicros: number, profile: unknown) => void;

/** A profiler of V8 in this thread. */
interface V8Profiler {
  checkpoint(): void;
  stop(): void;
}

/**
 * Samples the CPU. Each checkpoint ends a profile of V8 after it began the next. V8 allows profiles
 * to overlap only if `console.profile` begins them. To stop the only profile and to start another
 * costs 100 ms in large programs, as V8 then lists all compiled functions again.
 */
function sampleCpu(session: Session, send: SynchronousSend, write: Write): V8Profiler {
  /** The start of each running profile by its title. */
  const running = new Map<string, number>();
  let title = "";
  const begin = () => {
    const now = wallMicros();
    title = `tsprof ${now}`;
    running.set(title, now);
    beginProfile(title);
  };
  const finished = ({ params }: { params: { title?: string; profile: unknown } }) => {
    const started = running.get(params.title ?? "");
    if (started === undefined) return;
    running.delete(params.title ?? "");
    // `console.profileEnd()` of the program has ended our profile.
    if (params.title === title) begin();
    write(started, params.profile);
  };
  session.on("Profiler.consoleProfileFinished", finished);
  begin();
  return {
    checkpoint() {
      const last = title;
      begin();
      endProfile(last);
    },
    stop() {
      const last = title;
      title = "";
      endProfile(last);
      session.off("Profiler.consoleProfileFinished", finished);
      send("Profiler.disable");
    },
  };
}

/** Samples the heap. Each checkpoint replaces the last, as it contains all memory in use. */
function sampleHeap(sampling: Sampling, send: SynchronousSend, write: Write): V8Profiler {
  startSampling(send, sampling);
  const started = wallMicros();
  const checkpoint = () => {
    const profile = send("HeapProfiler.getSamplingProfile")?.profile;
    if (profile) write(started, { ...profile, outside: process.memoryUsage() });
  };
  return {
    checkpoint,
    stop() {
      checkpoint();
      send("HeapProfiler.stopSampling");
    },
  };
}
