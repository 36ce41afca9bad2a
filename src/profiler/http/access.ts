import type { IncomingMessage } from "node:http";
import { isIPv4 } from "node:net";

/**
 * Whose requests are answered: of programs on this machine (`"local"`), of anybody (`"any"`),
 * or of those for which a function returns true, or a promise of it.
 */
export type Allow = "local" | "any" | ((request: IncomingMessage) => boolean | Promise<boolean>);

/** What proxies add, each in its own way. */
const OF_PROXIES =
  /^(forwarded|via|x-forwarded(-.*)?|x-(real|client|cluster-client)-ip|x-original-.*|x-envoy-.*|cf-.*|true-client-ip)$/;

const HOW = 'the option allow ("any", or a function of the request) permits more';

/** Why a request is not to be answered, in one line; undefined where it is. */
export async function refusal(request: IncomingMessage, allow: Allow): Promise<string | undefined> {
  if (isFromOtherSite(request)) {
    return "a page of another site asked for this: enter the address itself, or ask without a browser";
  }
  if (allow === "any") return undefined;
  if (allow === "local") {
    const reason = whyNotLocal(request);
    return reason && `profiles are for this machine only, and ${reason}: ${HOW}`;
  }
  // What a program in JavaScript returns may be anything.
  if ((await allow(request)) === true) return undefined;
  return "the option allow of this handler does not permit it";
}

/**
 * Whether a browser asks because a page of another site told it to: that could not read the
 * answer, but slow this process down. Ports do not make sites, so that another site may
 * count as the same one.
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
  // A Unix socket has no addresses: who may open the file may ask.
  const isFile = remoteAddress === undefined && localAddress === undefined && !socket.destroyed;
  if (!isFile) {
    if (!isLoopback(remoteAddress)) return `this was asked from ${remoteAddress}`;
    if (!isLoopback(localAddress)) return `this was asked at ${localAddress}`;
  }
  const header = Object.keys(headers).find((name) => OF_PROXIES.test(name));
  if (header !== undefined) return `this came through a proxy, as its header ${header} tells`;
  // Proxies ask so unless they are told otherwise; browsers and fetchers of profiles do not.
  if (httpVersion === "1.0") return "this came by HTTP/1.0, as through a proxy";
  // A page on the web can have its own name lead here, and would then be of the same site.
  if (!isFile && !isLocalHost(hostOf(headers))) return "its header Host is not of this machine";
  return undefined;
}

/** HTTP/2 has it under another name. */
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
