import { Budget, download } from "../../fetch/download.js";
import type { Header } from "../../fetch/headers.js";
import type { ProxyEnvironment } from "../../fetch/proxies.js";
import type { SourceUrl } from "../../fetch/source-url.js";
import { readTlsFiles, type TlsPaths } from "../../fetch/tls-files.js";
import { undiciClient } from "../../fetch/undici-client.js";
import { ProfileError } from "../../profile/errors.js";
import { ProgressLine } from "../../terminal/progress.js";
import { durationText } from "../../units/duration.js";
import { drawsProgress, printNotice } from "../show/messages.js";

export interface DownloadSettings {
  readonly headers: readonly Header[];
  readonly tls: TlsPaths;
  /** The value of `-seconds`; 0 or less if it is not given. */
  readonly seconds: number;
  /** The maximum size of all downloads together, in bytes. */
  readonly limit: number;
  readonly env: ProxyEnvironment;
  /** Ends all downloads. */
  readonly signal: AbortSignal;
}

/** The limit of simultaneous downloads, as in pprof: high, so that servers collect in parallel. */
const MAX_CONNECTIONS = 128;

interface Item {
  readonly url: SourceUrl;
  /** When the download started, by {@link performance}; undefined before. */
  start: number | undefined;
  bytes: number;
  isDone: boolean;
}

/**
 * Fetches profiles in parallel. A terminal gets a progress line; other outputs get pprof's lines.
 * Loaded only when needed, because HTTP takes a while to load.
 */
export class Downloads {
  readonly #items: readonly Item[];
  readonly #results: readonly Promise<Uint8Array>[];
  readonly #progress: ProgressLine | undefined;
  /** Ends downloads that are no longer needed. */
  readonly #stop = new AbortController();

  /** Throws a {@link UserError} if a file of `settings.tls` cannot be used. */
  constructor(urls: readonly SourceUrl[], settings: DownloadSettings) {
    const client = undiciClient(readTlsFiles(settings.tls), settings.env);
    const budget = new Budget(settings.limit);
    const signal = AbortSignal.any([settings.signal, this.#stop.signal]);
    const fetchItem = async (item: Item) => {
      const { target, shown, timeout } = item.url;
      if (!target) {
        throw new ProfileError(
          "the URL has an unknown scheme; use http://, https://, https+insecure:// or unix:",
        );
      }
      if (!this.#progress) announce(shown, settings.seconds);
      item.start = performance.now();
      const onProgress = (bytes: number) => {
        item.bytes = bytes;
      };
      const { headers } = settings;
      return download(client, { target, headers, timeout, budget, signal, onProgress });
    };

    this.#items = urls.map((url) => ({ url, start: undefined, bytes: 0, isDone: false }));
    const lanes: Promise<unknown>[] = [];
    this.#progress = drawsProgress()
      ? new ProgressLine(() => describeProgress(this.#items))
      : undefined;
    this.#results = this.#items.map((item, i) => {
      const result = (lanes[i % MAX_CONNECTIONS] ?? Promise.resolve()).then(() => fetchItem(item));
      lanes[i % MAX_CONNECTIONS] = result
        // The caller of bytes() gets the error.
        .catch(() => {})
        .then(() => {
          item.isDone = true;
        });
      return result;
    });
    settings.signal.addEventListener("abort", () => this.end(), { once: true });
  }

  /** Returns the content of the URL at that position. Rejects with a {@link ProfileError}. */
  bytes(index: number): Promise<Uint8Array> {
    return this.#results[index];
  }

  /** Clears the progress line. Call this before any other output to standard error. */
  makeRoom(): void {
    this.#progress?.clear();
  }

  /** Ends the downloads that are still running, and the progress line. */
  end(): void {
    this.#stop.abort();
    this.#progress?.end();
  }
}

function announce(shown: string, seconds: number): void {
  printNotice(`Fetching profile over HTTP from ${shown}`);
  if (seconds > 0)
    printNotice(`Please wait... (${durationText(BigInt(seconds) * 1_000_000_000n)})`);
}

/** Describes the running downloads in one line; empty if all are done. */
function describeProgress(items: readonly Item[]): string {
  const open = items.filter(({ isDone }) => !isDone);
  if (open.length === 0) return "";
  const now = performance.now();
  const elapsed = (item: Item) => (item.start === undefined ? 0 : (now - item.start) / 1000);
  const left = Math.max(...open.map((item) => item.url.seconds - elapsed(item)));
  const bytes = open.reduce((sum, item) => sum + item.bytes, 0);
  const state =
    left > 0
      ? `${Math.ceil(left)} s left`
      : bytes > 0
        ? sizeText(bytes)
        : `${Math.floor(Math.max(...open.map(elapsed)))} s so far`;
  const subject =
    items.length === 1
      ? items[0].url.shown
      : `${items.length} profiles, ${items.length - open.length} done`;
  return `Fetching ${subject}: ${state}`;
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
