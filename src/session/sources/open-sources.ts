import { existsSync } from "node:fs";
import { UserError, usageError, userErrorCode } from "../../errors/user-error.js";
import { type Header, parseHeader } from "../../fetch/headers.js";
import { maskSecrets } from "../../fetch/secrets.js";
import { readSourceUrl, type SourceUrl } from "../../fetch/source-url.js";
import type { Options } from "../../options/table.js";
import { readInput, STDIN } from "../../platform/files/input.js";
import { describeError } from "../errors.js";
import { interruptible } from "../interrupt.js";
import type { Warn } from "../show/messages.js";

export interface Source {
  /** The name for messages, without passwords. */
  readonly name: string;
  /** Undefined for a file and for standard input. */
  readonly url: SourceUrl | undefined;
  /** Returns the content; the same at every call. */
  bytes(): Promise<Uint8Array>;
}

interface SourceSettings {
  readonly options: FetchOptions;
  /** The maximum size of one source, and of all downloads together, in bytes. */
  readonly limit: number;
}

type FetchOptions = Pick<
  Options,
  "seconds" | "timeout" | "header" | "tls_cert" | "tls_key" | "tls_ca"
>;

/** The sources of a request. They are read only when their bytes are requested. */
export class OpenSources {
  readonly main: readonly Source[];
  readonly base: Source | undefined;
  /** The sources that are URLs, in order, with the base last. */
  readonly urls: SourceUrl[] = [];
  readonly #settings: SourceSettings;
  readonly #headers: readonly Header[];
  #fetch: (index: number) => Promise<Uint8Array> = () => {
    throw new Error("sources are fetched only while they are read");
  };
  /** The content of standard input, which can be read only once. */
  #stdin: Promise<Uint8Array> | undefined;
  #usesStdin = false;

  /** Throws a {@link UserError} for options that are wrong or contradict each other. */
  constructor(main: readonly string[], base: string, settings: SourceSettings) {
    checkSeconds(settings.options);
    this.#headers = readHeaders(settings.options);
    this.#settings = settings;
    this.main = main.map((text) => this.#open(text));
    this.base = base === "" ? undefined : this.#open(base);
  }

  /**
   * Fetches all URLs in parallel while `read` runs, and returns its result. Its warnings do not
   * break the progress line. Ctrl-C ends both.
   */
  async reading<T>(read: (warn: Warn) => Promise<T>, warn: Warn): Promise<T> {
    if (this.urls.length === 0) return read(warn);
    const { limit, options } = this.#settings;
    const { tls_cert: cert, tls_key: key, tls_ca: ca, seconds } = options;
    return interruptible(async (signal) => {
      const { Downloads } = await import("./downloads.js");
      const downloads = new Downloads(this.urls, {
        headers: this.#headers,
        tls: { cert, key, ca },
        seconds,
        limit,
        env: process.env,
        signal,
      });
      this.#fetch = (index) => downloads.bytes(index);
      // A pending read of standard input would keep the program running.
      signal.addEventListener("abort", () => this.#usesStdin && process.stdin.destroy());
      let isOver = false;
      try {
        return await read((line) => {
          if (isOver || signal.aborted) return;
          downloads.makeRoom();
          warn(line);
        });
      } finally {
        isOver = true;
        downloads.end();
      }
    });
  }

  /** Rejects as soon as the download of the base fails; never resolves. */
  async baseFailure(): Promise<never> {
    const { base } = this;
    try {
      if (base?.url) await base.bytes();
    } catch (error) {
      throw withSourceName(base as Source, error);
    }
    return new Promise(() => {});
  }

  #open(text: string): Source {
    const { limit } = this.#settings;
    if (text === STDIN) {
      this.#usesStdin = true;
      const bytes = () => {
        this.#stdin ??= readInput(STDIN, limit);
        return this.#stdin;
      };
      return { name: "standard input", url: undefined, bytes };
    }
    const isFile = existsSync(text);
    // A file takes precedence over a URL with the same text, as in pprof.
    const url = isFile ? undefined : readSourceUrl(text, this.#settings.options);
    if (url) {
      const index = this.urls.push(url) - 1;
      return { name: url.shown, url, bytes: () => this.#fetch(index) };
    }
    const name = isFile ? text : maskSecrets(text);
    // The system's error would show the whole text, with a password if it was meant as a URL.
    const isReadable = name === text && !LOOKS_LIKE_URL.test(text);
    const bytes = isReadable ? () => readInput(text, limit) : rejectName;
    return { name: name || '""', url, bytes };
  }
}

const LOOKS_LIKE_URL = /^https?(\+insecure)?:\/\//i;

async function rejectName(): Promise<never> {
  throw new UserError(
    "there is no such file, and it is not a valid URL; does it need percent-encoding?",
  );
}

/** Puts the name of the source in front of an error, unless the error contains it. */
export function withSourceName({ name }: Source, error: unknown): Error {
  const what = describeError(error);
  return new UserError(what.startsWith(`${name}: `) ? what : `${name}: ${what}`, {
    code: userErrorCode(error) ?? "failed",
    cause: error,
  });
}

function readHeaders({ header, tls_cert: cert, tls_key: key }: FetchOptions): Header[] {
  if (cert !== "" && key === "") throw usageError("-tls_cert needs -tls_key too");
  if (cert === "" && key !== "") throw usageError("-tls_key needs -tls_cert too");
  return header.map(parseHeader);
}

/** More than a week, and less than the limit of timers. */
const MAX_SECONDS = 1_000_000;

function checkSeconds(options: FetchOptions): void {
  for (const name of ["seconds", "timeout"] as const) {
    if (options[name] <= MAX_SECONDS) continue;
    throw usageError(`-${name} must be at most ${MAX_SECONDS} seconds, not ${options[name]}`);
  }
}
