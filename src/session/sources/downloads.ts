import { Budget, download } from "../../fetch/download.js";
import type { Header } from "../../fetch/headers.js";
import type { ProxyEnvironment } from "../../fetch/proxies.js";
import type { SourceUrl } from "../../fetch/source-url.js";
import { readTlsFiles, type TlsPaths } from "../../fetch/tls-files.js";
import { undiciClient } from "../../fetch/undici-client.js";
import { ProfileError } from "../../profile/errors.js";
import { ProgressLine } from "../../terminal/progress.js";
import { durationText } from "../../units/duration.js";
import { drawsProgress, notice } from "../show/notices.js";

/** How profiles are fetched, and what may be taken for it. */
export interface DownloadSettings {
  readonly headers: readonly Header[];
  readonly tls: TlsPaths;
  /** The value of `-seconds`; 0 and below where it was not given. */
  readonly seconds: number;
  /** How many bytes all downloads together may have. */
  readonly limit: number;
  readonly env: ProxyEnvironment;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** How many are fetched at the same time, as in pprof; what servers collect then happens at once. */
const MAX_AT_ONCE = 128;

interface Item {
  readonly url: SourceUrl;
  /** In milliseconds of {@link performance}; undefined until then. */
  start: number | undefined;
  bytes: number;
  isDone: boolean;
}

/**
 * Profiles that are being fetched, all at once. On a terminal a line tells how far they
 * are; elsewhere pprof's lines say what is fetched. In a file of its own because what
 * speaks HTTP takes a while to load.
 */
export class Downloads {
  readonly #items: readonly Item[];
  readonly #results: readonly Promise<Uint8Array>[];
  readonly #progress: ProgressLine | undefined;
  /** Ends what nobody waits for any more. */
  readonly #stop = new AbortController();

  /** Throws an Error of one line where the files of `settings.tls` are not what they should be. */
  constructor(urls: readonly SourceUrl[], settings: DownloadSettings) {
    const client = undiciClient(readTlsFiles(settings.tls), settings.env);
    const budget = new Budget(settings.limit);
    const signal = AbortSignal.any([settings.signal, this.#stop.signal]);
    const fetchItem = async (item: Item) => {
      const { target, shown, timeout } = item.url;
      if (!target) {
        throw new ProfileError(
          "this kind of address cannot be fetched; http://, https://, https+insecure:// and unix: can",
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
      const result = (lanes[i % MAX_AT_ONCE] ?? Promise.resolve()).then(() => fetchItem(item));
      lanes[i % MAX_AT_ONCE] = result
        // Whoever asks for the bytes is told of what went wrong.
        .catch(() => {})
        .then(() => {
          item.isDone = true;
        });
      return result;
    });
    settings.signal.addEventListener("abort", () => this.end(), { once: true });
  }

  /** What came from the URL at that position; rejects with a {@link ProfileError} of one line. */
  bytes(index: number): Promise<Uint8Array> {
    return this.#results[index];
  }

  /** To be called before anything else is written to standard error. */
  makeRoom(): void {
    this.#progress?.clear();
  }

  /** To be called at the end, whatever that was; downloads that go on are ended. */
  end(): void {
    this.#stop.abort();
    this.#progress?.end();
  }
}

function announce(shown: string, seconds: number): void {
  notice(`Fetching profile over HTTP from ${shown}`);
  if (seconds > 0) notice(`Please wait... (${durationText(BigInt(seconds) * 1_000_000_000n)})`);
}

/** One line on all that is not done; empty where everything is. */
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
  const what =
    items.length === 1
      ? items[0].url.shown
      : `${items.length} profiles, ${items.length - open.length} done`;
  return `Fetching ${what}: ${state}`;
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
