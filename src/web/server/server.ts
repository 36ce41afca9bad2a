import type { IncomingMessage, ServerResponse } from "node:http";
import { hostname } from "node:os";
import { pipeline } from "node:stream/promises";
import { withoutControls } from "../../render/controls.js";
import { describeError } from "../../session/errors.js";
import { type Answer, problem, RefusedRequest, SAFE_HEADERS } from "./answer.js";
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
  warn: (line: string) => void,
): Promise<Listening> {
  // Who asks is told; who started the server hears of it elsewhere.
  opened.catch(() => {});
  prepareAssets();
  const listening = await listen(wanted, async (request, response) => {
    limitBody(request);
    let said: Answer;
    try {
      said = await answer(understood(request, listening.address), opened, warn);
    } catch (error) {
      said = refusal(error);
    }
    try {
      await send(said, request, response);
    } catch (error) {
      response.destroy();
      // What has a code is about the connection: whoever closed it knows.
      const isExpected = error instanceof Error && "code" in error;
      if (!isExpected) warn(describeError(error));
    }
  });
  return listening;
}

/** A request as routes take it. Throws a {@link RefusedRequest} for one from elsewhere. */
function understood(request: IncomingMessage, address: ListenAddress): PageRequest {
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
function refusal(error: unknown): Answer {
  if (error instanceof RefusedRequest) return problem(error.status, error.message);
  return problem(500, describeError(error));
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
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const isBodiless = status === 304;
  const all: Record<string, string | number> = { ...SAFE_HEADERS, ...headers };
  if (bytes instanceof Uint8Array && !isBodiless) all["Content-Length"] = bytes.length;
  for (const [name, value] of Object.entries(all)) {
    response.setHeader(name, typeof value === "string" ? withoutControls(value) : value);
  }
  response.writeHead(status);
  if (method === "HEAD" || isBodiless) response.end();
  else if (bytes instanceof Uint8Array) response.end(bytes);
  else await pipeline(bytes, response);
}
