import { encodeQuery, parseQuery } from "./query.js";
import { MASK, maskSecrets } from "./secrets.js";
import type { Target, User } from "./target.js";

/** A source that is a URL, and how to fetch it. */
export interface SourceUrl {
  /** The URL for messages, with secrets masked. */
  readonly shown: string;
  /** Undefined if the scheme is not supported. */
  readonly target: Target | undefined;
  /** How long the server collects the profile, in seconds; 0 if unknown. */
  readonly seconds: number;
  /** How long to wait for the complete response, in seconds. */
  readonly timeout: number;
}

/** The options `-seconds` and `-timeout`, in seconds; values up to 0 mean that they are not set. */
export interface Timing {
  readonly seconds: number;
  readonly timeout: number;
}

/** The path of CPU profiles on Go's servers, for sources that name only the server. */
const CPU_PROFILE = "/debug/pprof/profile";

/** The timeout if the collection time is unknown, in seconds. */
const DEFAULT_TIMEOUT_S = 60;

/** Added to every timeout, in seconds. */
const EXTRA_TIMEOUT_S = 5;

/**
 * Parses a URL as pprof does, with or without a scheme. A host alone means its CPU profile, and
 * `unix:SOCKET:/path` a server on a Unix socket. `-seconds` replaces the seconds in the query. The
 * timeout is 1.5 times the collection time. Returns undefined if the source is not a URL.
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
    timeout:
      (timeout > 0 ? timeout : collecting > 0 ? collecting * 1.5 : DEFAULT_TIMEOUT_S) +
      EXTRA_TIMEOUT_S,
  };
}

/** Returns 0 unless the text is a positive 32-bit number. */
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

/** Decodes escapes such as `%41`. Returns the text as it is if their bytes are not UTF-8. */
function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The parts of a URL as they are written, except that invalid characters are escaped. */
interface UrlParts {
  /** In lower case; may be empty. */
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
 * Splits a URL by the rules of Go's url.Parse, which, unlike browsers, does not normalize. Returns
 * undefined if Go would return an error.
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
  const parts = { scheme, query, fragment: escapeInvalid(fragment ?? "") };
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
  return isValid ? { ...parts, user, host, path: escapeInvalid(path) } : undefined;
}

function hasWholeEscapes(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

/** Escapes the characters that a URL's path must not contain, such as spaces. */
function escapeInvalid(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@[\]/%#?]+/g, (letters) => encodeURIComponent(letters));
}
