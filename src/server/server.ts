import type { IncomingMessage, ServerResponse } from "node:http";
import { hostname } from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isUserError } from "../errors/user-error.js";
import { withoutControls } from "../render/controls.js";
import { describeError } from "../session/errors.js";
import type { Warn } from "../session/show/notices.js";
import {
  type Answer,
  type Body,
  problem,
  RefusedRequest,
  refusal,
  SAFE_HEADERS,
} from "./answer.js";
import { prepareAssets } from "./assets.js";
import { type Listening, listen } from "./listen.js";
import { isOwnHost, type ListenAddress, ownHosts } from "./listen-address.js";
import type { OpenedSession } from "./opened.js";
import { checkNotEmbedded, checkSameOrigin } from "./origin-check.js";
import { answer, type PageRequest } from "./routes.js";

/** What pages have to say is in their addresses: a body is read to its end, but not a long one. */
const MAX_BODY_BYTES = 64 * 2 ** 10;

/**
 * Starts to listen; pages can be had at once, and what is in the session when that is
 * read. `warn` is told of what should not have happened. Throws an Error of one line where
 * it cannot listen there.
 */
export async function startServer(
  wanted: ListenAddress,
  opened: Promise<OpenedSession>,
  warn: Warn,
): Promise<Listening> {
  // Who asks is told; who started the server hears of it elsewhere.
  opened.catch(() => {});
  prepareAssets();
  const listening = await listen(wanted, async (request, response) => {
    limitBody(request);
    const gone = goneSignal(response);
    let said: Answer;
    try {
      said = await answer({ ...understood(request, listening.address), gone }, opened, warn);
    } catch (error) {
      said = failure(error);
    }
    if (gone.aborted) return;
    try {
      await send(said, request, response);
    } catch (error) {
      response.destroy();
      // An error with a code is about the connection. A report that is refused after it has
      // begun can only be broken off.
      const isExpected =
        error instanceof RefusedRequest ||
        (error instanceof Error && "code" in error && !isUserError(error));
      if (!isExpected) warn(describeError(error));
    }
  });
  return listening;
}

/** A request as routes take it. Throws a {@link RefusedRequest} for one from elsewhere. */
function understood(request: IncomingMessage, address: ListenAddress): Omit<PageRequest, "gone"> {
  const { method = "GET", url = "/", headers } = request;
  const names = [hostname()];
  if (!isOwnHost(headers.host, address, names)) {
    const given = JSON.stringify(headers.host ?? "");
    const own = ownHosts(address, names);
    throw new RefusedRequest(403, `refused: this server is ${own}, and not ${given}`);
  }
  if (!url.startsWith("/")) throw new RefusedRequest(400, "refused: this server is no proxy");
  if (method === "GET" || method === "HEAD") checkNotEmbedded(request);
  else checkSameOrigin(request);
  const [path, search = ""] = url.split(/\?(.*)/s);
  const browser = {
    knownTag: headers["if-none-match"],
    takesGzip: /\bgzip\b/.test(String(headers["accept-encoding"] ?? "")),
  };
  return { method, path, params: new URLSearchParams(search), browser };
}

/** Whatever goes wrong with one request, the others are answered. */
function failure(error: unknown): Answer {
  if (error instanceof RefusedRequest) return refusal(error);
  return problem(500, describeError(error));
}

/** Aborted when the answer was sent, or the client has closed the connection before. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}

function limitBody(request: IncomingMessage): void {
  let length = 0;
  request.on("data", (piece: Buffer) => {
    length += piece.length;
    if (length > MAX_BODY_BYTES) request.destroy();
  });
  // Whoever ended it knows.
  request.on("error", () => {});
}

async function send(
  { status, headers, body }: Answer,
  { method }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const known = knownPieces(body);
  const isBodiless = status === 304;
  const all: Record<string, string | number> = { ...SAFE_HEADERS, ...headers };
  if (known && !isBodiless) {
    all["Content-Length"] = known.reduce((sum, { length }) => sum + length, 0);
  }
  for (const [name, value] of Object.entries(all)) {
    response.setHeader(name, typeof value === "string" ? withoutControls(value) : value);
  }
  response.writeHead(status);
  if (method === "HEAD" || isBodiless) response.end();
  else if (known?.length === 1) response.end(known[0]);
  else await pipeline(Readable.from(known ?? body), response);
}

/** All pieces of a body; undefined where the length is not known yet. */
function knownPieces(body: Body): readonly Uint8Array[] | undefined {
  if (typeof body === "string") return [Buffer.from(body)];
  if (body instanceof Uint8Array) return [body];
  return Symbol.asyncIterator in body ? undefined : body;
}
