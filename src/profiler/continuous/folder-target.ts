import { randomUUID } from "node:crypto";
import { access, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { threadId } from "node:worker_threads";
import type { Profile } from "../../profile/profile.js";
import { hasMark, MARK_BYTES, markedGzip } from "./marked-gzip.js";
import type { ExportContext, ProfileInfo, Target } from "./target.js";

/** Options of {@link folderTarget}. */
export interface FolderTargetOptions {
  /** The folder. It is created if it is missing. */
  readonly folder: string;
  /**
   * The names of the files, with `{type}`, `{reason}`, `{time}`, `{pid}`, `{thread}` and `{host}`.
   * `{time}` is required. By default `{type}-{time}-{pid}.pb.gz`.
   */
  readonly pattern?: string;
  /** The number of files to keep; 100 by default. */
  readonly maxFiles?: number;
  /** The size of all files to keep, in bytes; 256 MiB by default. */
  readonly maxBytes?: number;
  /** The age of the oldest file to keep, in milliseconds; unlimited by default. */
  readonly maxAgeMillis?: number;
}

const DEFAULT_PATTERN = "{type}-{time}-{pid}.pb.gz";
const DEFAULT_MAX_FILES = 100;
const DEFAULT_MAX_BYTES = 2 ** 28;

/** The variables of a pattern, with a regular expression for their values. */
const VARIABLES: Readonly<Record<string, string>> = {
  type: "(?:cpu|heap|allocs|block)",
  reason: "(?:continuous|blocked|busy)",
  time: "[0-9]{8}T[0-9]{9}Z",
  pid: "[0-9]+",
  thread: "[0-9]+",
  host: "[A-Za-z0-9._-]+",
};

const VARIABLE = /\{([^{}]*)\}/g;

/** The number of names that are tried if files with the wanted name exist. */
const MAX_NAMES = 100;

/**
 * Returns a target that writes each profile to a file of its own, and deletes the oldest files that
 * exceed a limit. The limits apply to all files with names of the pattern that this function wrote,
 * in any process; other files are never deleted or replaced. Throws if an option is invalid.
 */
export function folderTarget(options: FolderTargetOptions): Target {
  return new FolderTarget(options);
}

interface KnownFile {
  readonly file: string;
  readonly bytes: number;
  readonly modified: number;
}

class FolderTarget implements Target {
  readonly #folder: string;
  readonly #pattern: string;
  readonly #names: RegExp;
  readonly #maxFiles: number;
  readonly #maxBytes: number;
  readonly #maxAge: number;
  /** Files with a matching name that have the mark, or not. */
  readonly #marks = new Map<string, boolean>();
  /** The last export. They follow each other. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: FolderTargetOptions) {
    const { folder, pattern = DEFAULT_PATTERN } = options;
    const { maxFiles = DEFAULT_MAX_FILES, maxBytes = DEFAULT_MAX_BYTES } = options;
    const { maxAgeMillis = Number.POSITIVE_INFINITY } = options;
    if (typeof folder !== "string" || folder === "") throw new TypeError("folder must be a path");
    for (const [name, limit] of Object.entries({ maxFiles, maxBytes, maxAgeMillis })) {
      if (!(limit > 0)) throw new RangeError(`${name} must be above 0, not ${limit}`);
    }
    this.#folder = path.resolve(folder);
    this.#pattern = pattern;
    this.#names = namesOf(pattern);
    this.#maxFiles = maxFiles;
    this.#maxBytes = maxBytes;
    this.#maxAge = maxAgeMillis;
  }

  export(_profile: Profile, info: ProfileInfo, { bytes, report }: ExportContext): Promise<void> {
    const written = this.#last.then(async () => this.#write(info, markedGzip(await bytes())));
    this.#last = written.then(() => this.#deleteOld().catch(report)).catch(() => {});
    return Promise.all([written, this.#last]).then(() => {});
  }

  async #write(info: ProfileInfo, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const file = await this.#freeName(info);
    const temporary = path.join(this.#folder, `.${randomUUID()}.part`);
    try {
      await writeFile(temporary, bytes, { flag: "wx" });
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #freeName(info: ProfileInfo): Promise<string> {
    const values: Readonly<Record<string, string>> = {
      type: info.type,
      reason: info.reason,
      time: info.start.toISOString().replace(/[-:.]/g, ""),
      pid: String(process.pid),
      thread: String(threadId),
      host: os.hostname().replace(/[^A-Za-z0-9._-]/g, "_"),
    };
    const name = this.#pattern.replace(VARIABLE, (_, variable: string) => values[variable]);
    const [, stem, extension] = /^(.+?)((?:\.[a-z]+)*)$/i.exec(name) ?? [];
    for (let number = 1; number <= MAX_NAMES; number++) {
      const file = path.join(
        this.#folder,
        number === 1 ? name : `${stem}${COPY}${number}${extension}`,
      );
      if (!(await exists(file))) return file;
    }
    throw new Error(`cannot write ${name}: there are ${MAX_NAMES} files of that name`);
  }

  async #deleteOld(): Promise<void> {
    const own = (await this.#ownFiles()).sort((a, b) => b.modified - a.modified);
    const oldest = Date.now() - this.#maxAge;
    let bytes = 0;
    for (const [at, known] of own.entries()) {
      bytes += known.bytes;
      // The newest file stays in any case.
      const isOld = at >= this.#maxFiles || bytes > this.#maxBytes || known.modified < oldest;
      if (at > 0 && isOld) await rm(known.file, { force: true });
    }
  }

  async #ownFiles(): Promise<KnownFile[]> {
    const files: KnownFile[] = [];
    const names = (await readdir(this.#folder)).filter((name) => this.#names.test(name));
    for (const name of names) {
      const file = path.join(this.#folder, name);
      const isOwn = this.#marks.get(name) ?? (await readMark(file));
      if (isOwn === undefined) continue;
      this.#marks.set(name, isOwn);
      const status = isOwn && (await stat(file).catch(() => undefined));
      if (status) files.push({ file, bytes: status.size, modified: status.mtimeMs });
    }
    const present = new Set(names);
    for (const name of this.#marks.keys()) if (!present.has(name)) this.#marks.delete(name);
    return files;
  }
}

/** Precedes the number of a file whose name would exist already. */
const COPY = "~";

/** Returns a regular expression for the names of a pattern. Throws if the pattern is invalid. */
function namesOf(pattern: string): RegExp {
  if (typeof pattern !== "string" || /[/\\]/.test(pattern)) {
    throw new TypeError("pattern must be the name of a file, without folders");
  }
  if (!pattern.includes("{time}")) throw new TypeError("pattern must contain {time}");
  const [, stem, extension] = /^(.+?)((?:\.[a-z]+)*)$/i.exec(pattern) ?? ["", pattern, ""];
  let expression = "";
  let end = 0;
  for (const { 0: whole, 1: variable, index } of stem.matchAll(VARIABLE)) {
    if (!Object.hasOwn(VARIABLES, variable)) {
      const known = Object.keys(VARIABLES).map((name) => `{${name}}`);
      throw new TypeError(`unknown ${whole} in pattern; use ${known.join(" ")}`);
    }
    expression += escaped(stem.slice(end, index)) + VARIABLES[variable];
    end = index + whole.length;
  }
  expression += escaped(stem.slice(end));
  return new RegExp(`^${expression}(?:${COPY}[0-9]+)?${escaped(extension)}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Returns whether a file has the mark of this target; undefined if it cannot be read. */
async function readMark(file: string): Promise<boolean | undefined> {
  try {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MARK_BYTES), 0, MARK_BYTES, 0);
      return hasMark(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
