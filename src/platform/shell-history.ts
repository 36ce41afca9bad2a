import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { linkTarget } from "./link-target.js";
import { goReason } from "./system-reason.js";
import { stateFolder } from "./user-folders.js";

/** So many lines are remembered. */
const MOST_LINES = 1000;
/** Of a larger file only the end is read. */
const MOST_BYTES = 1 << 20;
/** Longer lines are not worth the space. */
const LONGEST_LINE = 10_000;
/** A shell that trims for so long has died of it. */
const TRIMMING_MS = 10_000;

/**
 * Where the shell keeps its lines: the file that TSPROF_HISTORY names, or one in the
 * folder for such. Undefined where it is to keep none: TSPROF_HISTORY is empty or `off`,
 * or there is no home.
 */
export function historyFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  const wanted = env.TSPROF_HISTORY;
  if (wanted !== undefined) {
    return wanted === "" || wanted === "off" ? undefined : path.resolve(wanted);
  }
  const folder = stateFolder(env, platform);
  return folder === undefined ? undefined : path.join(folder, "history");
}

/**
 * The lines typed into the shell, in this session and in earlier ones. Several shells may
 * use one file at once: each adds its lines at the end, one by one.
 */
export class ShellHistory {
  /** Of earlier sessions, the newest last. */
  readonly lines: readonly string[];
  readonly #file: string;
  readonly #warn: (line: string) => void;
  #last: string | undefined;
  /** About what the file holds now. */
  #count: number;
  /** The file ends within a line, so that the next one must not follow at once. */
  #isCut = false;
  #isOff = false;

  /** What goes wrong is told to `warn`, once; the history is not kept from then on. */
  constructor(file: string, warn: (line: string) => void) {
    this.#file = file;
    this.#warn = warn;
    const { lines, count } = this.#load();
    this.lines = lines;
    this.#count = count;
    this.#last = lines.at(-1);
  }

  /** Adds a line, unless it is blank or the same again. */
  add(line: string): void {
    const text = withoutControls(line);
    if (this.#isOff || text.trim() === "" || text === this.#last) return;
    if (text.length > LONGEST_LINE) return;
    this.#last = text;
    this.#try(() => {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      append(this.#file, `${this.#isCut ? "\n" : ""}${text}\n`);
      this.#isCut = false;
      if (++this.#count >= 2 * MOST_LINES) this.#count = trim(this.#file);
    });
  }

  #load(): { lines: string[]; count: number } {
    const nothing = { lines: [], count: 0 };
    return (
      this.#try(() => {
        const stats = statSync(this.#file, { throwIfNoEntry: false });
        if (stats === undefined) return nothing;
        this.#isOff = !isOrdinary(stats);
        if (this.#isOff) return nothing;
        const { lines, isCut, isWhole } = readLines(this.#file);
        this.#isCut = isCut;
        // Of a large file it is not known; there are too many at any rate.
        return { lines: lines.slice(-MOST_LINES), count: isWhole ? lines.length : 2 * MOST_LINES };
      }) ?? nothing
    );
  }

  #try<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#isOff = true;
      this.#warn(`the history cannot be kept in ${this.#file}: ${goReason(error)}`);
      return undefined;
    }
  }
}

/** Devices such as /dev/null keep nothing, and a pipe would wait for somebody who reads. */
function isOrdinary(stats: Stats): boolean {
  if (stats.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  return stats.isFile();
}

/** Adds to the end of a file, wherever that is by now, in one go. */
function append(file: string, text: string): void {
  const descriptor = openSync(file, "a", 0o600);
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

interface StoredLines {
  /** All that are not blank, also more than are remembered. */
  readonly lines: string[];
  /** Whether the last one does not end. */
  readonly isCut: boolean;
  /** Whether these are all that there are. */
  readonly isWhole: boolean;
  /** How much of the file was read, from its start. */
  readonly end: number;
}

function readLines(file: string): StoredLines {
  const descriptor = openSync(file, "r");
  try {
    return linesAt(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function linesAt(descriptor: number): StoredLines {
  const { size } = fstatSync(descriptor);
  const start = Math.max(0, size - MOST_BYTES);
  const bytes = readFrom(descriptor, start, size);
  const text = bytes.toString("utf8");
  const stored = text.split("\n");
  // It begins within a line.
  if (start > 0) stored.shift();
  const lines = stored.map(withoutControls).filter((line) => line.trim() !== "");
  const isCut = text !== "" && !text.endsWith("\n");
  return { lines, isCut, isWhole: start === 0, end: start + bytes.length };
}

function readFrom(descriptor: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start);
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, start + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

/** A line as it can be shown: one that was stored may hold anything. */
function withoutControls(line: string): string {
  return line.replace(/\t/g, " ").replace(/\p{Cc}/gu, "");
}

/**
 * Leaves the newest lines of the file, and returns about how many it holds then. Only one
 * shell trims at a time, since the new file under its temporary name keeps others out;
 * where one does, this does nothing.
 */
function trim(name: string): number {
  const file = linkTarget(name);
  const temporary = `${file}.new`;
  const output = openNew(temporary);
  if (output === undefined) return MOST_LINES;
  try {
    const input = openSync(file, "r");
    try {
      const { lines, end } = linesAt(input);
      const kept = lines.slice(-MOST_LINES);
      writeFileSync(output, kept.map((line) => `${line}\n`).join(""));
      renameSync(temporary, file);
      // What other shells added to the old file meanwhile.
      writeSync(output, readFrom(input, end, fstatSync(input).size));
      return kept.length;
    } finally {
      closeSync(input);
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(output);
  }
}

/** Undefined where somebody else has made it, unless that was long ago. */
function openNew(temporary: string): number | undefined {
  const stats = statSync(temporary, { throwIfNoEntry: false });
  if (stats !== undefined && Date.now() - stats.mtimeMs > TRIMMING_MS) {
    rmSync(temporary, { force: true });
  }
  try {
    return openSync(temporary, "ax", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
}
