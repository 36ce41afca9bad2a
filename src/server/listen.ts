import http from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../errors/user-error.js";
import { isLoopback, type ListenAddress } from "./listen-address.js";

export interface Listening {
  /** The address, with the port that the system chose. */
  readonly address: ListenAddress;
  /** Whether other machines may be able to reach it. */
  readonly isPublic: boolean;
  /** Closes the server and all connections. */
  close(): void;
}

/** Larger than the headers of any page: URLs with filters may be long. */
const MAX_HEADER_BYTES = 64 * 1024;

/** How often to try other ports for localhost: a port may be free for IPv4 but not for IPv6. */
const MAX_ATTEMPTS = 5;

/**
 * Answers requests at an address. `localhost` means both 127.0.0.1 and ::1, at the same port: a
 * browser may try either first, and must not find another program there. Throws a {@link UserError}
 * if the address cannot be used.
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
    // The host may be a name, so the address that was bound decides.
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
        if (port === 0 && attempt < MAX_ATTEMPTS) continue;
        throw explain(error, address);
      }
      // Some machines have no IPv6.
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
    EADDRINUSE: `port ${port} of ${host} is in use; use -http=${host.includes(":") ? `[${host}]` : host}: for any free port`,
    EACCES: `port ${port} needs administrator rights; use a port above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine`,
    ENOTFOUND: `there is no host ${host}`,
    EAI_AGAIN: `cannot look up the host ${host}`,
  };
  return new UserError(reasons[code] ?? `cannot listen on ${host}: ${message}`);
}
