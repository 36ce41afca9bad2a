import { existsSync } from "node:fs";
import { UserError, usageError, userErrorCode } from "../../errors/user-error.js";
import { type Header, parseHeader } from "../../fetch/headers.js";
import { maskSecrets } from "../../fetch/secrets.js";
import { readSourceUrl, type SourceUrl } from "../../fetch/source-url.js";
import type { Options } from "../../options/table.js";
import { readInput, STDIN } from "../../platform/input.js";
import { describeError } from "../errors.js";
import { interruptible } from "../interrupt.js";
import type { Warn } from "../show/notices.js";

/** Something to read a profile from. */
export interface Source {
  /** As it is written in messages, where no password is to be seen. */
  readonly name: string;
  /** Undefined where it is no URL. */
  readonly url: SourceUrl | undefined;
  /** What it holds; the same if asked again. */
  bytes(): Promise<Uint8Array>;
}

/** How sources are read. */
interface SourceSettings {
  readonly options: FetchOptions;
  /** How many bytes one of them may have, and all together that are fetched. */
  readonly limit: number;
}

/** The options by which profiles are fetched. */
type FetchOptions = Pick<
  Options,
  "seconds" | "timeout" | "header" | "tls_cert" | "tls_key" | "tls_ca"
>;

/**
 * The sources of a request; nothing of them is read yet. Throws a UserError for options of
 * fetching that make no sense.
 */
export class OpenSources {
  readonly main: readonly Source[];
  readonly base: Source | undefined;
  /** Those that are URLs, in the order given, the base last. */
  readonly urls: SourceUrl[] = [];
  readonly #settings: SourceSettings;
  readonly #headers: readonly Header[];
  #fetch: (index: number) => Promise<Uint8Array> = () => {
    throw new Error("sources are fetched only while they are read");
  };
  /** What came through standard input, which cannot be read again. */
  #stdin: Promise<Uint8Array> | undefined;
  #usesStdin = false;

  constructor(main: readonly string[], base: string, settings: SourceSettings) {
    checkSeconds(settings.options);
    this.#headers = readHeaders(settings.options);
    this.#settings = settings;
    this.main = main.map((text) => this.#open(text));
    this.base = base === "" ? undefined : this.#open(base);
  }

  /**
   * What `read` returns, which asks for the bytes of sources; meanwhile all that are URLs are
   * fetched at the same time. What it has to tell goes to `warn`, past the progress line. Ctrl-C
   * ends it.
   */
  async reading<T>(read: (tell: Warn) => Promise<T>, warn: Warn): Promise<T> {
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
      // What is being read would keep the program waiting.
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

  /** Never fulfilled; rejects where a base is fetched and that fails, so that nobody waits for more. */
  async failureOfBase(): Promise<never> {
    const { base } = this;
    try {
      if (base?.url) await base.bytes();
    } catch (error) {
      throw namedError(base as Source, error);
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
    // A file counts more than a URL of the same letters, as in pprof.
    const url = isFile ? undefined : readSourceUrl(text, this.#settings.options);
    if (url) {
      const index = this.urls.push(url) - 1;
      return { name: url.shown, url, bytes: () => this.#fetch(index) };
    }
    const name = isFile ? text : maskSecrets(text);
    // The system's error would tell the path, and a password in what was meant as a URL.
    const isReadable = name === text && !LOOKS_LIKE_URL.test(text);
    const bytes = isReadable ? () => readInput(text, limit) : refuse;
    return { name: name || '""', url, bytes };
  }
}

const LOOKS_LIKE_URL = /^https?(\+insecure)?:\/\//i;

async function refuse(): Promise<never> {
  throw new UserError("there is no such file, and it is no URL; is something in it to be escaped?");
}

/** The error with the name of the source it is about, unless it has that already. */
export function namedError({ name }: Source, error: unknown): Error {
  const what = describeError(error);
  return new UserError(what.startsWith(`${name}: `) ? what : `${name}: ${what}`, {
    code: userErrorCode(error) ?? "failed",
    cause: error,
  });
}

function readHeaders({ header, tls_cert: cert, tls_key: key }: FetchOptions): Header[] {
  if (cert !== "" && key === "") throw usageError("-tls_cert needs the key too: -tls_key");
  if (cert === "" && key !== "") throw usageError("-tls_key needs the certificate: -tls_cert");
  return header.map(parseHeader);
}

/** More than a week, and less than what timers can take. */
const MAX_SECONDS = 1_000_000;

function checkSeconds(options: FetchOptions): void {
  for (const name of ["seconds", "timeout"] as const) {
    if (options[name] <= MAX_SECONDS) continue;
    throw usageError(`-${name} wants seconds, at most ${MAX_SECONDS}, not ${options[name]}`);
  }
}
