import { encodeQuery, parseQuery } from "./query.js";
import { MASK, maskSecrets } from "./secrets.js";
import type { Target, User } from "./target.js";

/** A source that is a URL, and how its profile is asked for. */
export interface SourceUrl {
  /** For people: what is fetched, with secrets masked. */
  readonly shown: string;
  /** Undefined where the scheme is none that can be fetched. */
  readonly target: Target | undefined;
  /** How long the server collects, in seconds; 0 where the URL does not say. */
  readonly seconds: number;
  /** How long to wait for all of the answer, in seconds. */
  readonly timeout: number;
}

/** In seconds; 0 and below are as if not given. */
export interface Timing {
  readonly seconds: number;
  readonly timeout: number;
}

/** What Go's servers collect a CPU profile at, for sources that name the server only. */
const CPU_PROFILE = "/debug/pprof/profile";

/** How long to wait where nothing says how long the server collects, in seconds. */
const PATIENCE = 60;

/** What is added to any wait, in seconds. */
const GRACE = 5;

/**
 * Reads a source as a URL, as pprof does: `http://host:port/path`, or without the scheme.
 * `-seconds` replaces what the query says; the wait is half as long again as the
 * collecting. A host without a path means its CPU profile, as in `go tool pprof`.
 * `unix:SOCKET:/path` is a server at a Unix socket. Undefined where it is no URL.
 */
export function readSourceUrl(source: string, timing: Timing): SourceUrl | undefined {
  const unix = /^unix:(?![0-9]+(?:[/?#]|$))(.+?)(?::(\/.*))?$/s.exec(source);
  if (unix) {
    const parts = parseUrl(`http://localhost${unix[2] ?? ""}`);
    return parts && adjust({ ...parts, socket: unix[1] }, timing);
  }
  let parts = parseUrl(source);
  const isBare = !/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(source);
  if (isBare && (!parts || (parts.host === "" && parts.scheme !== "" && parts.scheme !== "file"))) {
    // `localhost:6060` looks like a scheme.
    parts = parseUrl(`http://${source}`);
  }
  return parts && parts.host !== "" ? adjust(parts, timing) : undefined;
}

function adjust(parts: UrlParts, { seconds, timeout }: Timing): SourceUrl {
  const path = parts.path === "" || parts.path === "/" ? CPU_PROFILE : parts.path;
  const query = parseQuery(parts.query);
  if (seconds > 0) query.set("seconds", [String(seconds)]);
  const collecting = seconds > 0 ? seconds : wholeSeconds(query.get("seconds")?.[0]);
  const queryText = encodeQuery(query);
  const pathAndQuery = queryText === "" ? path : `${path}?${queryText}`;
  return {
    shown: showUrl(parts, maskSecrets(pathAndQuery)),
    target: targetOf(parts, pathAndQuery),
    seconds: collecting,
    timeout: (timeout > 0 ? timeout : collecting > 0 ? collecting * 1.5 : PATIENCE) + GRACE,
  };
}

/** 0 for what is no number of 32 bits, or negative. */
function wholeSeconds(text: string | undefined): number {
  if (text === undefined || !/^\+?[0-9]{1,10}$/.test(text)) return 0;
  return Number(text) < 2 ** 31 ? Number(text) : 0;
}

function showUrl({ scheme, user, host, fragment, socket }: UrlParts, path: string): string {
  if (socket !== undefined) return `unix:${socket}:${path}`;
  const colon = user?.indexOf(":") ?? -1;
  // A user without a password may be a token.
  const masked = colon < 0 ? user && MASK : `${user?.slice(0, colon)}:${MASK}`;
  const prefix = scheme === "" ? "" : `${scheme}:`;
  return `${prefix}//${masked === undefined ? "" : `${masked}@`}${host}${path}${fragment === "" ? "" : `#${MASK}`}`;
}

function targetOf({ scheme, user, host, socket }: UrlParts, path: string): Target | undefined {
  const isInsecure = scheme === "https+insecure";
  if (scheme !== "http" && scheme !== "https" && !isInsecure) return undefined;
  return {
    protocol: scheme === "http" ? "http:" : "https:",
    host,
    path,
    user: user === undefined ? undefined : readUser(user),
    isInsecure,
    socket,
  };
}

function readUser(text: string): User {
  const [name, ...rest] = text.split(":");
  return { name: unescapePercent(name), password: unescapePercent(rest.join(":")) };
}

/** The bytes of `%41` and so on as UTF-8. */
function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Bytes that are no UTF-8: as they are written.
    return text;
  }
}

/** A URL taken apart, with everything as it is written but what may not stand in a URL. */
interface UrlParts {
  /** In small letters; empty where there is none. */
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  /** With its `#`, or empty. */
  readonly fragment: string;
  readonly socket?: string;
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const USER = /^[A-Za-z0-9\-._~!$&'()*+,;=:%@]*$/;
const HOST = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=<>"\u0080-\uffff]*|\[[0-9A-Fa-f:.]+(?:%25[^\]]+)?\])$/;

/**
 * Takes a URL apart by the rules of Go's url.Parse, which are nearer to RFC 3986 than
 * to browsers: nothing is put in order. Undefined where it would be an error.
 */
function parseUrl(text: string): UrlParts | undefined {
  if ([...text].some((letter) => letter < " " || letter === "\x7f")) return undefined;
  if (text.startsWith(":")) return undefined;
  const [, beforeFragment, fragment] = /^([^#]*)(#.*)?$/s.exec(text) as RegExpExecArray;
  const written = SCHEME.exec(beforeFragment)?.[1] ?? "";
  const scheme = written.toLowerCase();
  const [, rest, query = ""] = /^([^?]*)(?:\?(.*))?$/s.exec(
    beforeFragment.slice(written === "" ? 0 : written.length + 1),
  ) as RegExpExecArray;
  const parts = { scheme, query, fragment: escapeRest(fragment ?? "") };
  if (!rest.startsWith("/")) {
    const isOpaque = scheme !== "";
    if (!isOpaque && /^[^/]*:/.test(rest)) return undefined;
    return { ...parts, user: undefined, host: "", path: rest };
  }
  const hasAuthority = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  const [, authority, path] = hasAuthority
    ? (/^\/\/([^/]*)(.*)$/s.exec(rest) as RegExpExecArray)
    : ["", "", rest];
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? undefined : authority.slice(0, at);
  const host = authority.slice(at + 1);
  const colon = host.indexOf(":", host.lastIndexOf("]") + 1);
  const isValid =
    HOST.test(colon < 0 ? host : host.slice(0, colon)) &&
    /^(:[0-9]*)?$/.test(colon < 0 ? "" : host.slice(colon)) &&
    (user === undefined || (USER.test(user) && hasWholeEscapes(user))) &&
    hasWholeEscapes(path);
  return isValid ? { ...parts, user, host, path: escapeRest(path) } : undefined;
}

function hasWholeEscapes(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

/** Escapes what may not stand in a path, such as blanks and letters beyond ASCII. */
function escapeRest(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@[\]/%#?]+/g, (letters) => encodeURIComponent(letters));
}
