import { mkdirSync, rmSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";
import { setEnvironmentData, type Worker } from "node:worker_threads";
import { thisProcess } from "../../platform/programs/process-identity.js";
import { RecordingFolder } from "../folder.js";
import { MemoryGuard } from "../memory-guard.js";
import type { Command, Plan } from "../plan.js";
import { followSignals } from "../preload-signals.js";
import { Workers } from "../preload-workers.js";
import { type MainHeap, startWatcher } from "../start-watcher.js";
import {
  acceptCommands,
  finishBefore,
  recordThread,
  type ThreadRecording,
} from "../thread-recording.js";
import { dismissWatcher } from "../watcher.js";
import { attempt, writeWhole } from "../whole-file.js";
import {
  type AutoWatch,
  FLAG_COUNT,
  FOLDER_PREFIX,
  type FromWatcher,
  HAS_LEFT,
  IS_READY,
  type Leave,
  type ToWatcher,
  TRY_AGAIN,
  WRITING_FILE,
  type Writing,
} from "./auto-protocol.js";
import { PLAN_FILE } from "./auto-worker.js";
import { SIGNALS_OPTIONS } from "./native-signals.js";
import { printLine } from "./print-line.js";
import { ProgramListeners } from "./program-listeners.js";
import type { AutoSettings } from "./settings.js";

/** The key of the data that workers get from the process: the path of its folder. */
export const FOLDER_KEY = "tsprof.auto";

/** How long a process that ends waits for its profiles to be written. */
const WRITE_TIMEOUT_MS = 60_000;

/** How long the start of the program waits until its watcher can receive the toggle signal. */
const READY_TIMEOUT_MS = 5000;

interface Recording {
  readonly plan: Plan;
  readonly thread: ThreadRecording;
  readonly memory: MemoryGuard;
}

/**
 * The main thread of a process that profiles itself. It only samples; its watcher (auto-watcher.ts)
 * decides when, and writes the profiles.
 */
export class AutoProcess {
  readonly #settings: AutoSettings;
  readonly #folder: RecordingFolder;
  readonly #workers: Workers;
  readonly #flags = new Int32Array(new SharedArrayBuffer(4 * FLAG_COUNT));
  readonly #listeners = new ProgramListeners(this.#flags);
  #watcher: Worker | undefined;
  #recording: Recording | undefined;
  #count = 0;
  /** The time of the last signal that could not be attributed. */
  #doubtfulTime = 0;
  #hasFinished = false;

  /** Begins, or prints a line if that is impossible. */
  static begin(settings: AutoSettings): void {
    let folder: RecordingFolder | undefined;
    try {
      folder = RecordingFolder.create(FOLDER_PREFIX);
      new AutoProcess(settings, folder).#begin();
    } catch (error) {
      folder?.end();
      printLine(`the program is not profiled: ${(error as Error).message}`);
    }
  }

  private constructor(settings: AutoSettings, folder: RecordingFolder) {
    this.#settings = settings;
    this.#folder = folder;
    const session = new Session();
    session.connect();
    this.#workers = new Workers(session, folder.path);
  }

  #begin(): void {
    const { signal, delaySeconds } = this.#settings;
    const writing: Writing = { settings: this.#settings, workingFolder: process.cwd() };
    attempt(() => writeWhole(path.join(this.#folder.path, WRITING_FILE), writing));
    const plan = signal || delaySeconds > 0 ? undefined : this.#start();
    const watch: Omit<AutoWatch, keyof MainHeap> = {
      ...writing,
      folder: this.#folder.path,
      flags: this.#flags,
      plan,
    };
    this.#watcher = startWatcher(watch, SIGNALS_OPTIONS);
    if (!this.#watcher) {
      this.#stop();
      throw new Error("worker threads are forbidden; add --allow-worker");
    }
    this.#watcher.on("exit", () => {
      this.#watcher = undefined;
    });
    this.#watcher.on("message", (message: FromWatcher) => {
      if (message === "no signals") this.#followSignals();
    });
    // The listener has made it keep the process alive.
    this.#watcher.unref();
    // Without a listener, the signal would end the process.
    if (signal) Atomics.wait(this.#flags, IS_READY, 0, READY_TIMEOUT_MS);
    setEnvironmentData(FOLDER_KEY, this.#folder.path);
    this.#workers.followTermination();
    acceptCommands((command, argument) => this.#execute(command, argument));
    const finish = () => this.#finish();
    process.on("exit", finish);
    for (const end of ["reallyExit", "abort"] as const) finishBefore(end, finish);
  }

  #start(): Plan {
    const folder = path.join(this.#folder.path, String(++this.#count));
    mkdirSync(folder);
    const plan: Plan = { folder, recorder: thisProcess(), samplings: this.#settings.samplings };
    const thread = recordThread(plan);
    this.#recording = { plan, thread, memory: new MemoryGuard(plan, thread.checkpoint) };
    this.#workers.recordInto(folder);
    attempt(() => writeWhole(this.#planFile, plan));
    this.#workers.send("start", { argument: plan });
    return plan;
  }

  /** Stops the recording of all threads, without waiting for workers. */
  #stop(): void {
    if (!this.#recording) return;
    const { thread, memory } = this.#recording;
    rmSync(this.#planFile, { force: true });
    this.#workers.send("stop");
    memory.stop();
    thread.stop();
    thread.session.disconnect();
    this.#recording = undefined;
  }

  get #planFile(): string {
    return path.join(this.#folder.path, PLAN_FILE);
  }

  #execute(command: Command, argument: unknown): unknown {
    switch (command) {
      case "start":
        return this.#recording || this.#hasFinished ? undefined : this.#start();
      case "stop":
        return attempt(() => this.#stop());
      case "checkpoint":
        attempt(() => this.#workers.send("checkpoint"));
        return this.#recording?.thread.checkpoint();
      case "look":
        return this.#recording?.memory.look(Number(argument));
      default:
        return this.#endBy(command, Number(argument));
    }
  }

  /** Ends the process by a signal, unless the program handles it. */
  #endBy(signal: NodeJS.Signals, timeMicros: number): typeof TRY_AGAIN | undefined {
    if (this.#listeners.handles(signal, timeMicros)) return undefined;
    if (this.#listeners.isRemoving(signal) && timeMicros !== this.#doubtfulTime) {
      this.#doubtfulTime = timeMicros;
      return TRY_AGAIN;
    }
    this.#finish(signal);
    // Only if the watcher could not.
    process.kill(process.pid, signal);
    return undefined;
  }

  /** Writes the profiles, and waits for that. */
  #finish(signal?: NodeJS.Signals): void {
    if (this.#hasFinished) return;
    this.#hasFinished = true;
    const plan = this.#recording?.plan;
    if (plan) attempt(() => this.#workers.finish());
    attempt(() => this.#stop());
    if (this.#watcher) this.#waitForWatcher(this.#watcher, { plan, signal });
    attempt(() => this.#folder.end());
  }

  #waitForWatcher(watcher: Worker, leave: Leave): void {
    attempt(() => watcher.postMessage(leave));
    dismissWatcher(this.#flags);
    if (Atomics.wait(this.#flags, HAS_LEFT, 0, WRITE_TIMEOUT_MS) !== "timed-out") return;
    printLine(`the profile is not written, as that needs more than ${WRITE_TIMEOUT_MS / 1000} s`);
  }

  /** Replaces the watcher's handling of signals if this version of Node does not allow it. */
  #followSignals(): void {
    const { signal } = this.#settings;
    if (signal) process.on(signal, () => this.#watcher?.postMessage("toggle" satisfies ToWatcher));
    followSignals(this.#folder.path, () => this.#finish(), signal);
  }
}
