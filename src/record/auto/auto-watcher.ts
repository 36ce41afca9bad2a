import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, Worker } from "node:worker_threads";
import { type CpuPoller, folderPoller, readingLines } from "../cpu-accounting.js";
import { abandonedFolders, own } from "../folder.js";
import { type Plan, WATCHER_NAME } from "../plan.js";
import { wallMicros } from "../thread-profiler.js";
import { Guard, MainThread, WATCH_MS } from "../watcher.js";
import { attempt } from "../whole-file.js";
import {
  type AutoWatch,
  ENDING_SIGNALS,
  FOLDER_PREFIX,
  type FromWatcher,
  HAS_LEFT,
  IS_READY,
  type Leave,
  LISTENS,
  type ToWatcher,
  TRY_AGAIN,
  WRITING_FILE,
  type WriteRequest,
  type Writing,
} from "./auto-protocol.js";
import { NativeSignals } from "./native-signals.js";
import { printLine } from "./print-line.js";

/** The script of the worker that writes profiles, beside this one. */
const WRITER = "auto-writer.cjs";

/** How long the writer waits for the samples of worker threads after a recording was stopped. */
const WORKERS_TIMEOUT_MS = 2000;

/** How long the main thread may be blocked in native code before a signal ends it all the same. */
const SIGNAL_TIMEOUT_MS = 1500;

/** The time after which the program has removed a listener. */
const TRY_AGAIN_MS = 100;

/** Watches the main thread of a process that profiles itself. */
export function watchProcess(watch: AutoWatch): void {
  new AutoWatcher(watch).begin();
}

class AutoWatcher {
  readonly #watch: AutoWatch;
  readonly #main: MainThread;
  readonly #signals = new NativeSignals();
  readonly #writing = new Set<Promise<void>>();
  #recording: Recording | undefined;
  /** The recording that the main thread is stopping. */
  #stopping: Recording | undefined;
  #isLeaving = false;

  constructor(watch: AutoWatch) {
    this.#watch = watch;
    this.#main = new MainThread(watch.flags);
  }

  begin(): void {
    const { plan, settings } = this.#watch;
    // The port keeps this thread alive: Node may abort when a watcher ends before the main thread.
    parentPort?.on("message", (message: ToWatcher) => {
      if (message === "toggle") void this.#toggle();
      else void this.#leave(message);
    });
    this.#listen();
    Atomics.store(this.#watch.flags, IS_READY, 1);
    Atomics.notify(this.#watch.flags, IS_READY);
    attempt(() => {
      const folders = abandonedFolders(FOLDER_PREFIX, path.dirname(this.#watch.folder));
      for (const folder of folders) attempt(() => this.#recover(folder));
    });
    if (plan) this.#follow(plan);
    else if (!settings.signal) setTimeout(() => this.#start(), settings.delaySeconds * 1000);
  }

  #listen(): void {
    const { signal: toggle } = this.#watch.settings;
    try {
      if (toggle) this.#signals.listen(toggle, () => void this.#toggle());
      for (const signal of ENDING_SIGNALS) {
        if (signal !== toggle) this.#signals.listen(signal, () => this.#onEnding(signal));
      }
    } catch {
      this.#signals.close();
      parentPort?.postMessage("no signals" satisfies FromWatcher);
    }
  }

  #onEnding(signal: NodeJS.Signals): void {
    const { flags } = this.#watch;
    const timer = setTimeout(() => {
      const listens = Atomics.load(flags, LISTENS) & (1 << ENDING_SIGNALS.indexOf(signal as never));
      if (listens !== 0 || this.#isLeaving) return;
      // The main thread cannot write its samples; without tsprof, it would have ended.
      this.#signals.close();
      process.kill(process.pid, signal);
    }, SIGNAL_TIMEOUT_MS);
    const time = wallMicros();
    void this.#main.execute(signal, time).then(async (answer) => {
      clearTimeout(timer);
      if (answer !== TRY_AGAIN) return;
      await sleep(TRY_AGAIN_MS);
      await this.#main.execute(signal, time);
    });
  }

  #toggle(): Promise<void> {
    return this.#recording ? this.#stop() : this.#start();
  }

  async #start(): Promise<void> {
    const plan = (await this.#main.execute("start")) as Plan | undefined;
    if (plan && !this.#isLeaving) this.#follow(plan);
  }

  #follow(plan: Plan): void {
    const { seconds } = this.#watch.settings;
    const recording = new Recording(plan, this.#main, this.#watch);
    this.#recording = recording;
    if (seconds > 0) {
      const stop = () => this.#recording === recording && void this.#stop();
      setTimeout(stop, seconds * 1000).unref();
    }
  }

  async #stop(): Promise<void> {
    const recording = this.#recording;
    this.#stopping = recording;
    this.#recording = undefined;
    recording?.end();
    await this.#main.execute("stop");
    if (this.#isLeaving) return;
    this.#stopping = undefined;
    if (recording) this.#write(recording.plan.folder, WORKERS_TIMEOUT_MS);
  }

  /** Writes what the process has recorded until its end. The main thread waits for that. */
  async #leave({ plan, signal }: Leave): Promise<void> {
    this.#isLeaving = true;
    this.#main.disconnect();
    this.#signals.close();
    this.#recording?.end();
    const last = plan ?? (this.#recording ?? this.#stopping)?.plan;
    try {
      if (last) this.#write(last.folder, 0);
      await Promise.all(this.#writing);
      rmSync(this.#watch.folder, { recursive: true, force: true });
    } catch (error) {
      printLine(`cannot write the profile: ${(error as Error).message}`);
    }
    if (signal) process.kill(process.pid, signal);
    Atomics.store(this.#watch.flags, HAS_LEFT, 1);
    Atomics.notify(this.#watch.flags, HAS_LEFT);
  }

  /** Writes what a killed process has recorded up to its last checkpoint. */
  #recover(abandoned: string): void {
    const folder = `${abandoned}-${process.pid}`;
    // Only one process can rename it.
    renameSync(abandoned, folder);
    own(folder);
    const writing: Writing = JSON.parse(readFileSync(path.join(folder, WRITING_FILE), "utf8"));
    const recordings = readdirSync(folder).filter((name) => /^[0-9]+$/.test(name));
    const written = recordings.map((name) => this.#write(path.join(folder, name), 0, writing));
    void Promise.all(written).then(() => rmSync(folder, { recursive: true, force: true }));
  }

  /** Writes the profiles of a recording, in a thread whose memory is free afterwards. */
  #write(folder: string, waitMs: number, writing: Writing = this.#watch): Promise<void> {
    const { settings, workingFolder } = writing;
    const request: WriteRequest = { folder, settings, workingFolder, waitMs };
    const writer = new Worker(path.join(__dirname, WRITER), {
      ...{ name: WATCHER_NAME, workerData: request, env: {}, execArgv: [] },
      trackUnmanagedFds: false,
    });
    const written = new Promise<void>((resolve) => {
      writer.on("error", ({ message }) => {
        printLine(`cannot write the profile: ${message}`);
        resolve();
      });
      writer.on("exit", () => resolve());
    });
    this.#writing.add(written);
    void written.then(() => this.#writing.delete(written));
    return written;
  }
}

/** A recording that runs, from the view of the watcher. */
class Recording {
  readonly plan: Plan;
  readonly #cpu: CpuPoller;
  readonly #ticks: NodeJS.Timeout;
  #tickCount = 0;

  constructor(plan: Plan, main: MainThread, watch: AutoWatch) {
    this.plan = plan;
    this.#cpu = folderPoller(plan.folder);
    const guard = new Guard(main, watch);
    this.#ticks = setInterval(() => {
      if (++this.#tickCount % TICKS_PER_LOG === 0) this.#logCpu();
      // A thread that is blocked answers later; until then it gets no other command.
      if (main.isReady()) void guard.check(performance.now());
    }, WATCH_MS);
  }

  end(): void {
    clearInterval(this.#ticks);
    this.#cpu.stop();
    this.#logCpu();
  }

  #logCpu(): void {
    for (const name of this.#cpu.names()) {
      const file = path.join(this.plan.folder, `${name}.cpu`);
      attempt(() => appendFileSync(file, readingLines(this.#cpu.take(name))));
    }
  }
}

/** The number of ticks after which readings of CPU times are written to files: every second. */
const TICKS_PER_LOG = 20;
