import type { IncomingMessage } from "node:http";
import { isIPv4 } from "node:net";

/**
 * Which requests to answer: those from this machine (`"local"`), all (`"any"`), or those for which
 * a function returns true or a promise of true.
 */
export type Allow = "local" | "any" | ((request: IncomingMessage) => boolean | Promise<boolean>);

/** The headers that proxies add. */
const PROXY_HEADERS =
  /^(forwarded|via|x-forwarded(-.*)?|x-(real|client|cluster-client)-ip|x-original-.*|x-envoy-.*|cf-.*|true-client-ip)$/;

const ADVICE = 'set the option allow to "any" or to a function to permit more';

/** Returns in one line why a request is refused, or undefined if it is allowed. */
export async function refusal(request: IncomingMessage, allow: Allow): Promise<string | undefined> {
  if (isFromOtherSite(request)) {
    return "the request comes from a page of another site; enter the address in the browser instead";
  }
  if (allow === "any") return undefined;
  if (allow === "local") {
    const reason = whyNotLocal(request);
    return reason && `profiles are for this machine only, but ${reason}; ${ADVICE}`;
  }
  // Only true allows the request, as functions written in JavaScript may return anything.
  if ((await allow(request)) === true) return undefined;
  return "the option allow does not permit this request";
}

/**
 * Whether a page of another site sent the request. It could not read the response, but it could
 * slow down this process. Browsers ignore ports when they compare sites, so the origin is checked,
 * too.
 */
function isFromOtherSite({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const { origin } = headers;
  const host = hostOf(headers);
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
}

function whyNotLocal(request: IncomingMessage): string | undefined {
  const { socket, headers, httpVersion } = request;
  const { remoteAddress, localAddress } = socket;
  // A Unix socket has no addresses; the permissions of its file restrict access.
  const isUnixSocket =
    remoteAddress === undefined && localAddress === undefined && !socket.destroyed;
  if (!isUnixSocket) {
    if (!isLoopback(remoteAddress)) return `the request comes from ${remoteAddress}`;
    if (!isLoopback(localAddress)) return `the request was sent to ${localAddress}`;
  }
  const header = Object.keys(headers).find((name) => PROXY_HEADERS.test(name));
  if (header !== undefined) return `its header ${header} shows that it came through a proxy`;
  // Many proxies use HTTP/1.0 by default; browsers and profile tools do not.
  if (httpVersion === "1.0") return "it uses HTTP/1.0, as proxies do";
  // The name of another site can resolve to this machine, so that the browser sees one site.
  if (!isUnixSocket && !isLocalHost(hostOf(headers))) {
    return "its header Host does not name this machine";
  }
  return undefined;
}

/** Returns the host of a request. HTTP/2 has it in `:authority`. */
function hostOf(headers: IncomingMessage["headers"]): string {
  return headers.host ?? String(headers[":authority"] ?? "");
}

function isLocalHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1");
  return /^([^/\s]+\.)?localhost\.?$/.test(name) || isLoopback(name);
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const inner = address.replace(/^::ffff:/i, "");
  return inner === "::1" || (isIPv4(inner) && inner.startsWith("127."));
}
