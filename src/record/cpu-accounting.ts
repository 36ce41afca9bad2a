import { appendFileSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import type { CpuReading } from "./cpu-times.js";
import type { Started } from "./plan.js";
import { attempt, completeLines } from "./whole-file.js";

/**
 * Returns the folder of the calling thread in /proc; undefined if the system does not account for
 * the CPU time of threads.
 */
export function ownTask(): string | undefined {
  try {
    const task = path.join("/proc", readlinkSync("/proc/thread-self"));
    return readReading(task) && task;
  } catch {
    return undefined;
  }
}

/** Appends a reading of the calling thread to a file. */
export function logReading(task: string, file: string): void {
  appendFileSync(file, readingLines([readReading(task)]));
}

/** Returns the lines that {@link loggedReadings} reads. */
export function readingLines(readings: readonly CpuReading[]): string {
  return readings.map(({ micros, nanos }) => `${micros} ${nanos}\n`).join("");
}

/** Reads the readings in a file; nothing if there is no such file. */
export function loggedReadings(file: string): CpuReading[] {
  return completeLines(file).map((line) => {
    const [micros, nanos] = line.split(" ").map(Number);
    return { micros, nanos };
  });
}

/** Throws if the thread has ended, or the system has no accounting. */
function readReading(task: string): CpuReading {
  const text = readFileSync(path.join(task, "schedstat"), "utf8");
  // V8 uses the same clock.
  const micros = Number(process.hrtime.bigint() / 1000n);
  return { micros, nanos: Number(text.split(" ")[0]) };
}

/** How often the CPU times of all threads are read. */
const POLL_MS = 20;

/** The number of polls after which new threads are looked for. */
const POLLS_PER_SEARCH = 5;

/** Reads the CPU times of threads from outside, again and again. */
export class CpuPoller {
  /** The folders in /proc of the threads that have not ended, by the names of the threads. */
  readonly #tasks = new Map<string, string>();
  readonly #readings = new Map<string, CpuReading[]>();
  readonly #timer: NodeJS.Timeout;
  #polls = 0;

  /** Calls `search` regularly, which may add threads. */
  constructor(search: (poller: CpuPoller) => void = () => {}) {
    this.#timer = setInterval(() => {
      if (this.#polls++ % POLLS_PER_SEARCH === 0) attempt(() => search(this));
      for (const name of this.#tasks.keys()) this.read(name);
    }, POLL_MS).unref();
  }

  /** Adds a thread under a name, by its folder in /proc, and reads its CPU time. */
  add(name: string, task: string): void {
    if (this.#readings.has(name)) return;
    this.#tasks.set(name, task);
    this.#readings.set(name, []);
    this.read(name);
  }

  /** Reads the CPU time of a thread, unless it has ended. */
  read(name: string): void {
    const task = this.#tasks.get(name);
    if (task === undefined) return;
    try {
      this.#readings.get(name)?.push(readReading(task));
    } catch {
      this.#tasks.delete(name);
    }
  }

  /** Returns the names of all threads that were added. */
  names(): Iterable<string> {
    return this.#readings.keys();
  }

  readings(name: string): readonly CpuReading[] {
    return this.#readings.get(name) ?? [];
  }

  /** Returns the readings of a thread, and forgets them. */
  take(name: string): readonly CpuReading[] {
    return this.#readings.get(name)?.splice(0) ?? [];
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/**
 * Returns a poller of all threads that record into a folder. Their names are the common parts of the
 * names of their files.
 */
export function folderPoller(folder: string): CpuPoller {
  const known = new Set<string>();
  return new CpuPoller((poller) => {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(ENDING) || known.has(name)) continue;
      known.add(name);
      const { task }: Started = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
      if (task !== undefined) poller.add(name.slice(0, -ENDING.length), task);
    }
  });
}

const ENDING = ".started";
