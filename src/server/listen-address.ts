import { type UserError, usageError } from "../errors/user-error.js";
export interface ListenAddress {
  /** A name, or an address without brackets. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

const LOCALHOST = "localhost";

/** Parses `HOST:PORT`, `HOST` or `PORT` as in pprof's `-http`. Throws a {@link UserError}. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]/@\s]*))(?::([0-9]*))?$/i.exec(text);
  if (!match) throw invalid(text);
  const [, inBrackets, name = "", portText] = match;
  // A number alone is a port.
  const isPort = inBrackets === undefined && portText === undefined && /^[0-9]+$/.test(name);
  const port = Number(isPort ? name : (portText ?? ""));
  if (port > 65535) throw invalid(text);
  return { host: inBrackets ?? ((isPort ? "" : name) || LOCALHOST), port };
}

function invalid(text: string): UserError {
  return usageError(
    `-http must be HOST:PORT, such as localhost:8080 or :8080, not ${JSON.stringify(text)}`,
  );
}

export function originOf({ host, port }: ListenAddress): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const LOCAL_NAMES = [LOCALHOST, "127.0.0.1", "::1"];
const ANY_ADDRESSES = ["0.0.0.0", "::"];

/** Whether only this machine can reach the address. */
export function isLocal({ host }: ListenAddress): boolean {
  return LOCAL_NAMES.includes(host) || /^127\./.test(host);
}

/** Whether only this machine can reach an IP address. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./i.test(address);
}

/** Describes the hosts that a server accepts, for an error message. `names`: see {@link isOwnHost}. */
export function ownHosts({ host, port }: ListenAddress, names: readonly string[]): string {
  if (!ANY_ADDRESSES.includes(host)) return `${isLocal({ host, port }) ? LOCALHOST : host}:${port}`;
  return `its IP addresses and ${[LOCALHOST, ...names].join(" and ")}, with port ${port}`;
}

/**
 * Whether a Host header names this server. Otherwise a website could point its own name here (DNS
 * rebinding), and its pages could read the answers. That is impossible with IP addresses. `names`
 * are the names of this machine.
 */
export function isOwnHost(
  header: string | undefined,
  { host, port }: ListenAddress,
  names: readonly string[],
): boolean {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]]+))(?::([0-9]+))?$/i.exec(header ?? "");
  if (!match || Number(match[3] ?? 80) !== port) return false;
  const asked = (match[1] ?? match[2]).toLowerCase();
  if (asked === host.toLowerCase()) return true;
  if (LOCAL_NAMES.includes(asked)) return isLocal({ host, port }) || ANY_ADDRESSES.includes(host);
  if (!ANY_ADDRESSES.includes(host)) return false;
  return isAddress(asked) || names.some((name) => name.toLowerCase() === asked);
}

function isAddress(host: string): boolean {
  return /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(host) || host.includes(":");
}
