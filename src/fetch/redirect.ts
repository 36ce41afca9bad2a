import type { Target } from "./target.js";

/**
 * Returns the target of a redirect; undefined if its address cannot be fetched. The user is kept
 * only if the address has none and {@link keepsSecrets} is true.
 */
export function redirectTarget(from: Target, location: string): Target | undefined {
  const base = `${from.protocol}//${from.host}${from.path}`;
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const isSameHost = isSameOrigin(url, new URL(base));
  const to: Target = {
    protocol: url.protocol,
    host: url.host,
    path: url.pathname + url.search,
    user:
      url.username === ""
        ? undefined
        : { name: decode(url.username), password: decode(url.password) },
    isInsecure: isSameHost && from.isInsecure,
    socket: isSameHost ? from.socket : undefined,
  };
  return to.user === undefined && keepsSecrets(from, to) ? { ...to, user: from.user } : to;
}

/**
 * Whether a redirect may get the headers for its origin: on the same origin, or on the same host
 * with https instead of http, both on their default ports.
 */
export function keepsSecrets(from: Target, to: Target): boolean {
  if (from.socket !== to.socket) return false;
  const before = new URL(`${from.protocol}//${from.host}`);
  const after = new URL(`${to.protocol}//${to.host}`);
  if (isSameOrigin(before, after)) return true;
  const isUpgrade = before.protocol === "http:" && after.protocol === "https:";
  return isUpgrade && before.port === "" && before.host === after.host;
}

function isSameOrigin(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && a.host === b.host;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
