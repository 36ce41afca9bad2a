import { setMaxListeners } from "node:events";
import { gunzip } from "../platform/gunzip.js";
import { ProfileError, tooLarge } from "../profile/errors.js";
import type { HttpClient, HttpRequest, HttpResponse } from "./client.js";
import { explainFailure } from "./failures.js";
import { authorization, type Header } from "./headers.js";
import { keepsSecrets, redirectTarget } from "./redirect.js";
import { maskParametersIn } from "./secrets.js";
import { showTarget, type Target } from "./target.js";

/** What one download is made with. */
export interface Download {
  readonly target: Target;
  /** Sent to the server that is named, and not to others that it redirects to. */
  readonly headers: readonly Header[];
  /** What is posted; left out for what is only asked for. */
  readonly body?: string;
  /** How long all of it may take, in seconds. */
  readonly timeout: number;
  /** Counts what all downloads together hold. */
  readonly budget: Budget;
  /** Ends the download; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Told of the bytes that have come, as they come. */
  onProgress?(bytes: number): void;
}

/** How many bytes may be held at once. */
export class Budget {
  readonly limit: number;
  #left: number;

  constructor(limit: number) {
    this.limit = limit;
    this.#left = limit;
  }

  /** Throws a {@link ProfileError} where that is more than is left. */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw tooLarge(this.limit);
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

/** As many as Go, and so pprof, follows. */
const MAX_REDIRECTS = 10;

/** The longest wait that a timer can have, in milliseconds. */
const MAX_WAIT = 2 ** 31 - 1;

/**
 * Downloads a profile, as it is served. Throws a {@link ProfileError} of one line for
 * everything that is not one whole answer of status 200.
 */
export async function download(client: HttpClient, request: Download): Promise<Uint8Array> {
  const { timeout, signal } = request;
  const timer = new AbortController();
  const timeoutId = setTimeout(
    () => timer.abort(tooSlow(timeout)),
    Math.min(timeout * 1000, MAX_WAIT),
  );
  const either = AbortSignal.any([signal, timer.signal]);
  // One for every redirect.
  setMaxListeners(0, either);
  try {
    return await getFollowing(client, request, either);
  } catch (error) {
    if (either.aborted) throw either.reason;
    if (error instanceof ProfileError) throw error;
    throw new ProfileError(explainFailure(error), { cause: error });
  } finally {
    clearTimeout(timeoutId);
  }
}

function tooSlow(timeout: number): ProfileError {
  return new ProfileError(
    `the profile had not come whole after ${timeout} s; wait longer with -timeout`,
  );
}

async function getFollowing(
  client: HttpClient,
  request: Download,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let { target, headers, body } = request;
  for (let redirects = 0; ; redirects++) {
    const sent = { target, headers: headersFor(target, headers, body), body };
    const response = await ask(client, sent, signal);
    try {
      const location = locationOf(response);
      if (location === undefined) return await bodyOf(response, request);
      if (redirects === MAX_REDIRECTS) {
        throw new ProfileError(`gave up after ${MAX_REDIRECTS} redirects; is the address right?`);
      }
      const next = redirectTarget(target, location);
      if (!next) {
        throw new ProfileError("it redirects to what is neither http nor https");
      }
      if (!keepsSecrets(target, next)) headers = [];
      if (!REPEATED.includes(response.status)) body = undefined;
      target = next;
    } catch (error) {
      if (redirects === 0 || !(error instanceof ProfileError) || signal.aborted) throw error;
      throw new ProfileError(`redirected to ${showTarget(target)}: ${error.message}`);
    } finally {
      response.close();
    }
  }
}

async function ask(
  client: HttpClient,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  try {
    return await client.send(request, signal);
  } catch (error) {
    throw new ProfileError(explainFailure(error, request.target), { cause: error });
  }
}

function headersFor(
  { user }: Target,
  headers: readonly Header[],
  body: string | undefined,
): Header[] {
  const own: Header[] = [
    ["User-Agent", "tsprof"],
    ["Accept-Encoding", "gzip"],
  ];
  if (body !== undefined) own.push(["Content-Type", "application/octet-stream"]);
  const isGiven = (name: string) => headers.some(([other]) => other.toLowerCase() === name);
  if (user && !isGiven("authorization")) own.push(authorization(user));
  return [...own.filter(([name]) => !isGiven(name.toLowerCase())), ...headers];
}

/** Redirects after which the same is posted once more; others ask for what is there. */
const REPEATED = [307, 308];

function locationOf(response: HttpResponse): string | undefined {
  return [301, 302, 303, 307, 308].includes(response.status)
    ? response.header("location")
    : undefined;
}

async function bodyOf(response: HttpResponse, request: Download): Promise<Uint8Array> {
  if (response.status !== 200) throw new ProfileError(await describeStatus(response));
  if (response.header("content-type")?.toLowerCase().startsWith("text/html")) throw isHtml();
  const { budget, onProgress } = request;
  const encoding = response.header("content-encoding")?.toLowerCase() ?? "";
  const isEncoded = !["", "identity"].includes(encoding);
  if (isEncoded && !["gzip", "x-gzip"].includes(encoding)) {
    throw new ProfileError(`the answer is encoded with ${encoding}, which was not asked for`);
  }
  const received = new Pieces(budget, !isEncoded);
  for await (const piece of response.body) {
    received.push(piece);
    onProgress?.(received.length);
  }
  if (!isEncoded) return received.whole();
  const inflated = new Pieces(budget, true);
  await gunzip(received.whole(), budget.limit, (piece) => inflated.push(piece));
  budget.giveBack(received.length);
  return inflated.whole();
}

/** Enough to tell what the answer is not. */
const HEAD = 512;

/** Pieces that have come, within a budget. */
class Pieces {
  readonly #budget: Budget;
  readonly #pieces: Uint8Array[] = [];
  /** Whether they may still turn out to begin as no profile does. */
  #isSuspect: boolean;
  length = 0;

  constructor(budget: Budget, isSuspect: boolean) {
    this.#budget = budget;
    this.#isSuspect = isSuspect;
  }

  push(piece: Uint8Array): void {
    this.#budget.take(piece.length);
    this.#pieces.push(piece);
    this.length += piece.length;
    if (this.#isSuspect && this.length >= HEAD) this.#checkHead();
  }

  whole(): Uint8Array {
    if (this.#isSuspect) this.#checkHead();
    return this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces, this.length);
  }

  #checkHead(): void {
    checkHead(Buffer.concat(this.#pieces.map((piece) => piece.subarray(0, HEAD))));
    this.#isSuspect = false;
  }
}

/** Ends early what would only fill memory, or is no profile in a way that can be told well. */
function checkHead(bytes: Uint8Array): void {
  const head = bytes.subarray(0, HEAD);
  if (/^\s*<(!doctype\s+html|html)\b/i.test(Buffer.from(head).toString("latin1"))) throw isHtml();
  if (head.length === HEAD && head.every((byte) => byte === 0)) {
    throw new ProfileError("it answered with zeros, which are no profile");
  }
}

function isHtml(): ProfileError {
  return new ProfileError("it answered with an HTML page; is this a pprof endpoint?");
}

/** How much is read of the text that comes with an error, in bytes, and shown, in letters. */
const MAX_TEXT = 4096;
const MAX_SHOWN = 200;

async function describeStatus(response: HttpResponse): Promise<string> {
  const status = `the server answered ${response.status} ${response.statusText}`.trim();
  const text = await firstLine(response);
  const hint = HINTS[response.status] ?? (response.status >= 500 ? "what does its log say?" : "");
  return `${status}${text && `: ${text}`}${hint && `; ${hint}`}`;
}

const HINTS: Record<number, string> = {
  401: "say who you are with -header or user:password@ before the host",
  403: "say who you are with -header or user:password@ before the host",
  404: "is the path right?",
};

/** The first line of the answer where it is plain text; nothing is more of an error now. */
async function firstLine(response: HttpResponse): Promise<string> {
  if (!response.header("content-type")?.toLowerCase().startsWith("text/plain")) return "";
  let text = "";
  try {
    for await (const piece of response.body) {
      text += Buffer.from(piece).toString("utf8");
      if (/\S.*\n/.test(text) || text.length > MAX_TEXT) break;
    }
  } catch {
    // The status says enough.
  }
  // Some servers repeat what they were asked for.
  const line = maskParametersIn(text.trim().split(/[\r\n]/, 1)[0]);
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}...` : line;
}
