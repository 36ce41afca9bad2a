import { setMaxListeners } from "node:events";
import { gunzip } from "../platform/files/gunzip.js";
import { ProfileError, tooLarge } from "../profile/errors.js";
import type { HttpClient, HttpRequest, HttpResponse } from "./client.js";
import { explainFailure } from "./failures.js";
import { authorization, type Header } from "./headers.js";
import { keepsSecrets, redirectTarget } from "./redirect.js";
import { maskParametersIn } from "./secrets.js";
import { showTarget, type Target } from "./target.js";

export interface Download {
  readonly target: Target;
  /** Sent to the target, but not to other servers that it redirects to. */
  readonly headers: readonly Header[];
  /** The body of a POST request; undefined for GET. */
  readonly body?: string;
  /** The limit for the whole download, in seconds. */
  readonly timeout: number;
  /** The memory that all downloads share. */
  readonly budget: Budget;
  /** Aborts the download, which then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called with the number of bytes received so far. */
  onProgress?(bytes: number): void;
}

/** A limit on the number of bytes in memory. */
export class Budget {
  readonly limit: number;
  #left: number;

  constructor(limit: number) {
    this.limit = limit;
    this.#left = limit;
  }

  /** Reserves bytes. Throws a {@link ProfileError} if fewer are left. */
  reserve(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw tooLarge(this.limit);
  }

  release(bytes: number): void {
    this.#left += bytes;
  }
}

/** The number of redirects that Go, and so pprof, follows. */
const MAX_REDIRECTS = 10;

/** The longest delay of a timer. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Downloads a profile and removes its content encoding. Throws a {@link ProfileError} of one line
 * unless the server sends a complete response of status 200.
 */
export async function download(client: HttpClient, request: Download): Promise<Uint8Array> {
  const { timeout, signal } = request;
  const timer = new AbortController();
  const timeoutId = setTimeout(
    () => timer.abort(tooSlow(timeout)),
    Math.min(timeout * 1000, MAX_DELAY_MS),
  );
  const either = AbortSignal.any([signal, timer.signal]);
  // Each redirect adds a listener.
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
    `the profile was incomplete after ${timeout} s; wait longer with -timeout`,
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
        throw new ProfileError(`more than ${MAX_REDIRECTS} redirects; is the address right?`);
      }
      const next = redirectTarget(target, location);
      if (!next) {
        throw new ProfileError("redirected to an address that is neither http nor https");
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

/** The statuses after which a POST is repeated; after others, the new address gets a GET. */
const REPEATED = [307, 308];

function locationOf(response: HttpResponse): string | undefined {
  return [301, 302, 303, 307, 308].includes(response.status)
    ? response.header("location")
    : undefined;
}

async function bodyOf(response: HttpResponse, request: Download): Promise<Uint8Array> {
  if (response.status !== 200) throw new ProfileError(await describeStatus(response));
  if (response.header("content-type")?.toLowerCase().startsWith("text/html")) throw htmlError();
  const { budget, onProgress } = request;
  const encoding = response.header("content-encoding")?.toLowerCase() ?? "";
  const isEncoded = !["", "identity"].includes(encoding);
  if (isEncoded && !["gzip", "x-gzip"].includes(encoding)) {
    throw new ProfileError(`the server used the unsupported encoding ${encoding}`);
  }
  const received = new Pieces(budget, !isEncoded);
  for await (const piece of response.body) {
    received.push(piece);
    onProgress?.(received.length);
  }
  if (!isEncoded) return received.whole();
  const inflated = new Pieces(budget, true);
  await gunzip(received.whole(), budget.limit, (piece) => inflated.push(piece));
  budget.release(received.length);
  return inflated.whole();
}

/** The number of bytes that show that a response is not a profile. */
const HEAD_BYTES = 512;

/** The received bytes, counted in a budget. */
class Pieces {
  readonly #budget: Budget;
  readonly #pieces: Uint8Array[] = [];
  /** Whether {@link checkHead} still has to check the first bytes. */
  #isUnchecked: boolean;
  length = 0;

  constructor(budget: Budget, checksHead: boolean) {
    this.#budget = budget;
    this.#isUnchecked = checksHead;
  }

  push(piece: Uint8Array): void {
    this.#budget.reserve(piece.length);
    this.#pieces.push(piece);
    this.length += piece.length;
    if (this.#isUnchecked && this.length >= HEAD_BYTES) this.#checkHead();
  }

  whole(): Uint8Array {
    if (this.#isUnchecked) this.#checkHead();
    return this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces, this.length);
  }

  #checkHead(): void {
    checkHead(Buffer.concat(this.#pieces.map((piece) => piece.subarray(0, HEAD_BYTES))));
    this.#isUnchecked = false;
  }
}

/** Throws for responses that are clearly not profiles, before they fill the memory. */
function checkHead(bytes: Uint8Array): void {
  const head = bytes.subarray(0, HEAD_BYTES);
  if (/^\s*<(!doctype\s+html|html)\b/i.test(Buffer.from(head).toString("latin1")))
    throw htmlError();
  if (head.length === HEAD_BYTES && head.every((byte) => byte === 0)) {
    throw new ProfileError("the server sent zeros, not a profile");
  }
}

function htmlError(): ProfileError {
  return new ProfileError("the server sent an HTML page; is this a pprof endpoint?");
}

/** How much of the text of an error response is read and shown, in UTF-16 units. */
const MAX_ERROR_TEXT = 4096;
const MAX_SHOWN_TEXT = 200;

async function describeStatus(response: HttpResponse): Promise<string> {
  const status = `the server answered ${response.status} ${response.statusText}`.trim();
  const text = await firstLine(response);
  const hint = HINTS[response.status] ?? (response.status >= 500 ? "see the server's log" : "");
  return `${status}${text && `: ${text}`}${hint && `; ${hint}`}`;
}

const HINTS: Record<number, string> = {
  401: "log in with -header or with user:password@ before the host",
  403: "log in with -header or with user:password@ before the host",
  404: "is the path right?",
};

/** Returns the first line of a plain-text response. Never throws, as the status is the error. */
async function firstLine(response: HttpResponse): Promise<string> {
  if (!response.header("content-type")?.toLowerCase().startsWith("text/plain")) return "";
  let text = "";
  try {
    for await (const piece of response.body) {
      text += Buffer.from(piece).toString("utf8");
      if (/\S.*\n/.test(text) || text.length > MAX_ERROR_TEXT) break;
    }
  } catch {
    // The status alone describes the error.
  }
  // Some servers repeat the address, which may contain secrets.
  const line = maskParametersIn(text.trim().split(/[\r\n]/, 1)[0]);
  return line.length > MAX_SHOWN_TEXT ? `${line.slice(0, MAX_SHOWN_TEXT)}...` : line;
}
