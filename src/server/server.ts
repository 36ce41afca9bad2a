import type { IncomingMessage, ServerResponse } from "node:http";
import { hostname } from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isUserError } from "../errors/user-error.js";
import { escapeControls } from "../render/controls.js";
import { describeError } from "../session/errors.js";
import type { Warn } from "../session/show/messages.js";
import {
  type Answer,
  type Body,
  problem,
  RefusedRequest,
  refusal,
  SAFE_HEADERS,
} from "./answer.js";
import { type Listening, listen } from "./listen.js";
import { isOwnHost, type ListenAddress, ownHosts } from "./listen-address.js";
import type { OpenedSession } from "./opened.js";
import { checkNotEmbedded, checkSameOrigin } from "./origin-check.js";
import { answer, type PageRequest } from "./routes.js";

/** The largest request body. Requests carry their data in the URL, so bodies are ignored. */
const MAX_BODY_BYTES = 64 * 2 ** 10;

/**
 * Starts the server. It serves pages immediately, and data once the session is open. Throws a
 * {@link UserError} if the address cannot be used.
 */
export async function startServer(
  wanted: ListenAddress,
  opened: Promise<OpenedSession>,
  warn: Warn,
): Promise<Listening> {
  // Requests report the error to their clients, and the command reports it to the user.
  opened.catch(() => {});
  const listening = await listen(wanted, async (request, response) => {
    limitBody(request);
    const gone = goneSignal(response);
    let reply: Answer;
    try {
      reply = await answer({ ...parseRequest(request, listening.address), gone }, opened, warn);
    } catch (error) {
      reply = failure(error);
    }
    if (gone.aborted) return;
    try {
      await send(reply, request, response);
    } catch (error) {
      response.destroy();
      // Errors with a code are errors of the connection. A report that is refused after its start
      // can only be cut off.
      const isExpected =
        error instanceof RefusedRequest ||
        (error instanceof Error && "code" in error && !isUserError(error));
      if (!isExpected) warn(describeError(error));
    }
  });
  return listening;
}

/** Parses a request. Throws a {@link RefusedRequest} if it comes from another site. */
function parseRequest(request: IncomingMessage, address: ListenAddress): Omit<PageRequest, "gone"> {
  const { method = "GET", url = "/", headers } = request;
  const names = [hostname()];
  if (!isOwnHost(headers.host, address, names)) {
    const given = JSON.stringify(headers.host ?? "");
    const own = ownHosts(address, names);
    throw new RefusedRequest(403, `refused: this server is ${own}, and not ${given}`);
  }
  if (!url.startsWith("/")) throw new RefusedRequest(400, "refused: this server is not a proxy");
  if (method === "GET" || method === "HEAD") checkNotEmbedded(request);
  else checkSameOrigin(request);
  const [path, search = ""] = url.split(/\?(.*)/s);
  const browser = {
    knownTag: headers["if-none-match"],
    takesGzip: /\bgzip\b/.test(String(headers["accept-encoding"] ?? "")),
  };
  return { method, path, params: new URLSearchParams(search), browser };
}

function failure(error: unknown): Answer {
  if (error instanceof RefusedRequest) return refusal(error);
  return problem(500, describeError(error));
}

/** Returns a signal that aborts when the answer has been sent or the client has disconnected. */
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
  // The client closed the connection, so there is nobody to answer.
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
    response.setHeader(name, typeof value === "string" ? escapeControls(value) : value);
  }
  response.writeHead(status);
  if (method === "HEAD" || isBodiless) response.end();
  else if (known?.length === 1) response.end(known[0]);
  else await pipeline(Readable.from(known ?? body), response);
}

/** Returns all pieces of a body; undefined if its length is not known yet. */
function knownPieces(body: Body): readonly Uint8Array[] | undefined {
  if (typeof body === "string") return [Buffer.from(body)];
  if (body instanceof Uint8Array) return [body];
  return Symbol.asyncIterator in body ? undefined : body;
}
