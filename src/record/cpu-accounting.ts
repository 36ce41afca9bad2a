import { appendFileSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import type { CpuReading } from "./cpu-times.js";
import type { Started } from "./plan.js";
import { attempt } from "./whole-file.js";

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
  const { micros, nanos } = readReading(task);
  appendFileSync(file, `${micros} ${nanos}\n`);
}

/** Reads what {@link logReading} has written; nothing if there is no such file. */
export function loggedReadings(file: string): CpuReading[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  // The process may have been killed while it wrote the last line.
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => {
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

/** Reads the CPU times of recorded threads from outside, again and again. */
export class CpuPoller {
  readonly #folder: string;
  readonly #known = new Set<string>();
  /** The threads that have not ended, by the stems of their files. */
  readonly #tasks = new Map<string, string>();
  readonly #readings = new Map<string, CpuReading[]>();
  readonly #timer: NodeJS.Timeout;
  #polls = 0;

  constructor(folder: string) {
    this.#folder = folder;
    // The folder is removed at the end.
    this.#timer = setInterval(() => attempt(() => this.#poll()), POLL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Returns the readings of a thread, by the common part of the paths of its files. */
  readings(stem: string): readonly CpuReading[] {
    return this.#readings.get(path.basename(stem)) ?? [];
  }

  #poll(): void {
    if (this.#polls++ % POLLS_PER_SEARCH === 0) this.#search();
    for (const [stem, task] of this.#tasks) {
      try {
        this.#readings.get(stem)?.push(readReading(task));
      } catch {
        this.#tasks.delete(stem);
      }
    }
  }

  #search(): void {
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith(ENDING) || this.#known.has(name)) continue;
      this.#known.add(name);
      const { task }: Started = JSON.parse(readFileSync(path.join(this.#folder, name), "utf8"));
      if (task === undefined) continue;
      const stem = name.slice(0, -ENDING.length);
      this.#tasks.set(stem, task);
      this.#readings.set(stem, []);
    }
  }
}

const ENDING = ".started";
