import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { withoutControls } from "../../render/controls.js";
import { type Answer, problem, SAFE_HEADERS } from "./answer.js";
import { isOwnHost, type ListenAddress } from "./listen-address.js";
import type { OpenedSession } from "./opened.js";
import { answer } from "./routes.js";

/** A server that listens. */
export interface WebServer {
  /** Where it does, with the port it got. */
  readonly address: ListenAddress;
  /** Ends it, and all that is under way. */
  close(): void;
}

/** Requests have their parameters in the address, and those may hold long patterns. */
const MAX_HEADER_SIZE = 64 * 2 ** 10;

/**
 * Starts to listen; pages can be had at once, and what is in the session when that is
 * read. Throws an Error of one line where it cannot listen there.
 */
export async function startServer(
  wanted: ListenAddress,
  opened: Promise<OpenedSession>,
): Promise<WebServer> {
  // Who asks is told; who started the server hears of it elsewhere.
  opened.catch(() => {});
  let address = wanted;
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE }, (request, response) => {
    void respond(request, response, address, opened);
  });
  server.requestTimeout = 60_000;
  address = { ...wanted, port: await listen(server, wanted) };
  return {
    address,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new Error(`cannot listen on ${host}:${port}: ${reasonOf(error)}`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EADDRINUSE":
      return "something else listens there; -http=: takes any free port";
    case "EACCES":
      return "ports below 1024 are not for everybody; take a higher one";
    case "EADDRNOTAVAIL":
      return "this machine has no such address";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no such host";
    default:
      return message;
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  address: ListenAddress,
  opened: Promise<OpenedSession>,
): Promise<void> {
  // What a body may say is not looked at, and none is waited for.
  request.resume();
  send(await answerTo(request, address, opened), request, response);
}

async function answerTo(
  request: IncomingMessage,
  address: ListenAddress,
  opened: Promise<OpenedSession>,
): Promise<Answer> {
  const { method = "GET", url = "/", headers } = request;
  if (!isOwnHost(headers.host, address, [hostname()])) {
    return problem(
      403,
      `refused: ${JSON.stringify(headers.host ?? "")} is no name of this server; open it as it was printed, or start it with -http=NAME:PORT`,
    );
  }
  if (method !== "GET" && method !== "HEAD" && !isFromPage(request)) {
    return problem(403, "refused: changes are taken from tsprof's own page only");
  }
  const [path, search = ""] = url.split(/\?(.*)/s);
  return answer(
    {
      method,
      path,
      params: new URLSearchParams(search),
      knownTag: headers["if-none-match"],
    },
    opened,
  );
}

/**
 * Whether a request comes from a page of this server, as browsers tell it. Other programs
 * tell nothing, and have to say so by hand.
 */
function isFromPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  return origin === `http://${host}`;
}

function send(
  { status, headers, body }: Answer,
  { method }: IncomingMessage,
  response: ServerResponse,
): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const isBodiless = status === 304;
  const all: Record<string, string | number> = { ...SAFE_HEADERS, ...headers };
  if (!isBodiless) all["Content-Length"] = bytes.length;
  for (const [name, value] of Object.entries(all)) {
    response.setHeader(name, typeof value === "string" ? withoutControls(value) : value);
  }
  response.writeHead(status);
  response.end(method === "HEAD" || isBodiless ? undefined : bytes);
}
