import { Client, type Dispatcher, ProxyAgent } from "undici";
import type { HttpClient, HttpRequest, HttpResponse } from "./client.js";
import { ViaProxyError } from "./failures.js";
import { type ProxyEnvironment, proxyFor } from "./proxies.js";
import type { Target } from "./target.js";
import type { TlsFiles } from "./tls-files.js";

/** Returns a client that uses the proxies in `env` and the certificates in `tls`. */
export function undiciClient(tls: TlsFiles, env: ProxyEnvironment): HttpClient {
  return {
    send: async (asked, signal) => {
      const { target } = asked;
      const proxy = proxyFor(target, env);
      const dispatcher = connectionTo(target, tls, proxy);
      try {
        return await request(dispatcher, asked, signal);
      } catch (error) {
        dispatcher.destroy().catch(() => {});
        if (signal.aborted) throw signal.reason;
        throw proxy ? new ViaProxyError(proxy.host, error) : error;
      }
    },
  };
}

/** Callers limit the time with their signal. */
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 };

function connectionTo(target: Target, tls: TlsFiles, proxy: URL | undefined): Dispatcher {
  const trust = { ...tls, rejectUnauthorized: !target.isInsecure, timeout: 0 };
  if (!proxy) {
    const { socket } = target;
    const connect = socket === undefined ? trust : { ...trust, socketPath: socket };
    return new Client(originOf(target), { ...NO_TIMEOUTS, connect });
  }
  return new ProxyAgent({
    ...NO_TIMEOUTS,
    uri: `${proxy.protocol}//${proxy.host}`,
    ...(proxy.username === "" ? {} : { token: proxyToken(proxy) }),
    // Only https needs a tunnel; many proxies allow tunnels to port 443 only.
    proxyTunnel: target.protocol === "https:",
    proxyTls: { timeout: 0 },
    requestTls: trust,
  });
}

function proxyToken({ username, password }: URL): string {
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(user).toString("base64")}`;
}

function originOf({ protocol, host }: Target): string {
  return `${protocol}//${host}`;
}

async function request(
  dispatcher: Dispatcher,
  { target, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const response = await dispatcher.request({
    method: body === undefined ? "GET" : "POST",
    origin: originOf(target),
    path: target.path,
    headers: Object.fromEntries(headers),
    body: body ?? null,
    signal,
  });
  return {
    status: response.statusCode,
    statusText: response.statusText,
    header: (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: response.body as AsyncIterable<Uint8Array>,
    close: () => {
      // Without a listener, destroying the connection would throw an uncaught error.
      response.body.on("error", () => {});
      dispatcher.destroy().catch(() => {});
    },
  };
}
