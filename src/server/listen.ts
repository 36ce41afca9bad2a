import http from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../errors/user-error.js";
import { isLoopback, type ListenAddress } from "./listen-address.js";

/** A server that listens. */
export interface Listening {
  /** Where it does, with the port it got. */
  readonly address: ListenAddress;
  /** Whether other machines may be able to reach it. */
  readonly isPublic: boolean;
  /** Ends it, and all that is under way. */
  close(): void;
}

/** More than any address that a page makes: its filters may be long. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Other programs may have taken the port of one family of addresses meanwhile. */
const ATTEMPTS = 5;

/**
 * Answers requests at an address. `localhost` is both 127.0.0.1 and ::1, on the same port,
 * since a browser may try either of them first, and should not find another program there.
 * Throws an Error of one line where that is not possible.
 */
export async function listen(
  { host, port }: ListenAddress,
  handler: http.RequestListener,
): Promise<Listening> {
  const [first, second] = host === "localhost" ? ["127.0.0.1", "::1"] : [host];
  for (let attempt = 1; ; attempt++) {
    const server = await listenAt({ host: first, port }, handler).catch((error: unknown) => {
      throw explain(error, { host, port });
    });
    const bound = server.address() as AddressInfo;
    const address = { host, port: bound.port };
    // By the address that a name stands for, which may be any.
    const isPublic = !isLoopback(bound.address);
    const servers = [server];
    const close = () => {
      for (const one of servers) {
        one.close();
        one.closeAllConnections();
      }
    };
    if (second === undefined) return { address, isPublic, close };
    try {
      servers.push(await listenAt({ host: second, port: address.port }, handler));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
        close();
        if (port === 0 && attempt < ATTEMPTS) continue;
        throw explain(error, address);
      }
      // There are machines without IPv6.
    }
    return { address, isPublic, close };
  }
}

function listenAt(
  { host, port }: ListenAddress,
  handler: http.RequestListener,
): Promise<http.Server> {
  const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES }, handler);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

function explain(error: unknown, { host, port }: ListenAddress): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} of ${host} is in use; -http=${host.includes(":") ? `[${host}]` : host}: takes one that is free`,
    EACCES: `port ${port} needs more rights than you have; take one above 1023`,
    EADDRNOTAVAIL: `${host} is no address of this machine`,
    ENOTFOUND: `there is no host ${host}`,
    EAI_AGAIN: `there is no host ${host}, or its name cannot be looked up now`,
  };
  return new UserError(reasons[code] ?? `cannot listen on ${host}: ${message}`);
}
