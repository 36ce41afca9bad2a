import { BlockList, isIP } from "node:net";
import { UserError } from "../errors/user-error.js";
import { ProfileError } from "../profile/errors.js";
import type { Target } from "./target.js";

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy for a request by the rules of Go and curl: HTTP_PROXY or HTTPS_PROXY, except
 * for hosts in NO_PROXY, this machine and Unix sockets. Returns undefined for no proxy. Throws an
 * Error of one line if the variable is not an address.
 */
export function proxyFor(target: Target, env: ProxyEnvironment): URL | undefined {
  if (target.socket !== undefined) return undefined;
  const variable = target.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const text = variableOf(env, variable);
  if (text === "") return undefined;
  const origin = `${target.protocol}//${target.host}`;
  if (!URL.canParse(origin)) {
    throw new ProfileError("not a valid address; is its port a number up to 65535?");
  }
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  const usualPort = target.protocol === "https:" ? "443" : "80";
  if (isLocal(host) || isExempt(host, port || usualPort, variableOf(env, "NO_PROXY")))
    return undefined;
  // The scheme of a proxy may be missing.
  const url = /^[a-z0-9]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url) || !/^(https?|socks5h?):$/.test(new URL(url).protocol)) {
    throw new UserError(`${variable} is not the address of a proxy, such as http://proxy:3128`);
  }
  return new URL(url.replace(/^socks5h:/i, "socks5:"));
}

function variableOf(env: ProxyEnvironment, name: string): string {
  return env[name] || env[name.toLowerCase()] || "";
}

function isLocal(host: string): boolean {
  if (host === "localhost") return true;
  return isIP(host) === 4 ? host.startsWith("127.") : host === "::1";
}

/** Returns whether a host is in a list such as `example.com,.local,10.0.0.0/8,host:8080` or `*`. */
function isExempt(host: string, port: string, list: string): boolean {
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, address, bits] = /^([0-9a-f.:]+)\/([0-9]{1,3})$/.exec(entry) ?? [];
  if (address !== undefined) return isInSubnet(host, address, Number(bits));
  const [, bracketed, plain, wantedPort] =
    /^(?:\[(.*)\]|([^:]*|.*:.*:.*?))(?::([0-9]+))?$/.exec(entry) ?? [];
  const name = isIP(entry) ? entry : (bracketed ?? plain ?? entry);
  if (!isIP(entry) && wantedPort !== undefined && wantedPort !== port) return false;
  if (isIP(name)) return isInSubnet(host, name, isIP(name) === 4 ? 32 : 128);
  const domain = name.replace(/^\*?\./, "");
  if (host.endsWith(`.${domain}`)) return true;
  // An entry that begins with a dot matches only subdomains.
  return name === domain && host === domain;
}

function isInSubnet(host: string, address: string, bits: number): boolean {
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false;
  const subnet = new BlockList();
  const kind = family === 4 ? "ipv4" : "ipv6";
  subnet.addSubnet(address, bits, kind);
  return subnet.check(host, kind);
}
