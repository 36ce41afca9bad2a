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
import { linkTarget } from "../files/link-target.js";
import { goReason } from "../system-reason.js";
import { stateFolder } from "./user-folders.js";

/** The number of lines to keep. */
const MAX_LINES = 1000;
/** Only this many bytes at the end of the file are read. */
const MAX_BYTES = 1 << 20;
/** Longer lines are not stored; in UTF-16 units. */
const MAX_LINE_LENGTH = 10_000;
/** The time after which a shell that trims the file counts as crashed, in milliseconds. */
const TRIM_TIMEOUT_MS = 10_000;

/**
 * Returns the file for the shell's history: TSPROF_HISTORY, or `history` in the folder for state.
 * Returns undefined if TSPROF_HISTORY is empty or `off`, or the user has no home folder.
 */
export function historyFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  const wanted = env.TSPROF_HISTORY;
  if (wanted !== undefined) {
    return wanted === "" || wanted === "off" ? undefined : path.resolve(wanted);
  }
  const folder = stateFolder(env, platform);
  return folder === undefined ? undefined : path.join(folder, "history");
}

/** The lines typed into the shell. Shells that share a file append their lines one by one. */
export class ShellHistory {
  /** The lines of earlier sessions, newest last. */
  readonly lines: readonly string[];
  readonly #file: string;
  readonly #warn: (line: string) => void;
  #last: string | undefined;
  /** The approximate number of lines in the file. */
  #count: number;
  /** Whether the file does not end with a newline, so that the next line must begin with one. */
  #isCut = false;
  #isOff = false;

  /** Reads the history. After the first error, `warn` gets one line, and no more is stored. */
  constructor(file: string, warn: (line: string) => void) {
    this.#file = file;
    this.#warn = warn;
    const { lines, count } = this.#load();
    this.lines = lines;
    this.#count = count;
    this.#last = lines.at(-1);
  }

  /** Adds a line, unless it is blank or equal to the last one. */
  add(line: string): void {
    const text = withoutControls(line);
    if (this.#isOff || text.trim() === "" || text === this.#last) return;
    if (text.length > MAX_LINE_LENGTH) return;
    this.#last = text;
    this.#try(() => {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      append(this.#file, `${this.#isCut ? "\n" : ""}${text}\n`);
      this.#isCut = false;
      if (++this.#count >= 2 * MAX_LINES) this.#count = trim(this.#file);
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
        // A file that was not read whole has too many lines.
        return { lines: lines.slice(-MAX_LINES), count: isWhole ? lines.length : 2 * MAX_LINES };
      }) ?? nothing
    );
  }

  #try<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#isOff = true;
      this.#warn(`cannot keep the history in ${this.#file}: ${goReason(error)}`);
      return undefined;
    }
  }
}

/** Returns false for devices, which store nothing, and for pipes, which block. */
function isOrdinary(stats: Stats): boolean {
  if (stats.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  return stats.isFile();
}

/** Appends to a file in one write, so that lines of other shells stay whole. */
function append(file: string, text: string): void {
  const descriptor = openSync(file, "a", 0o600);
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

interface StoredLines {
  /** The lines that are not blank, even more than {@link MAX_LINES}. */
  readonly lines: string[];
  /** Whether the last line lacks its newline. */
  readonly isCut: boolean;
  /** Whether the whole file was read. */
  readonly isWhole: boolean;
  /** The position in the file where reading ended. */
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
  const start = Math.max(0, size - MAX_BYTES);
  const bytes = readFrom(descriptor, start, size);
  const text = bytes.toString("utf8");
  const stored = text.split("\n");
  // The first line is cut.
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

/** Removes control characters: a stored line may contain anything. */
function withoutControls(line: string): string {
  return line.replace(/\t/g, " ").replace(/\p{Cc}/gu, "");
}

/**
 * Removes all but the newest lines, and returns the approximate number of lines left. The temporary
 * file is also a lock: if another shell is trimming, nothing is done.
 */
function trim(name: string): number {
  const file = linkTarget(name);
  const temporary = `${file}.new`;
  const output = openNew(temporary);
  if (output === undefined) return MAX_LINES;
  try {
    const input = openSync(file, "r");
    try {
      const { lines, end } = linesAt(input);
      const kept = lines.slice(-MAX_LINES);
      writeFileSync(output, kept.map((line) => `${line}\n`).join(""));
      renameSync(temporary, file);
      // Copy the lines that other shells have added to the old file meanwhile.
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

/** Creates the temporary file. Returns undefined if another shell created it recently. */
function openNew(temporary: string): number | undefined {
  const stats = statSync(temporary, { throwIfNoEntry: false });
  if (stats !== undefined && Date.now() - stats.mtimeMs > TRIM_TIMEOUT_MS) {
    rmSync(temporary, { force: true });
  }
  try {
    return openSync(temporary, "ax", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
}
