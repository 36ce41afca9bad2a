import http from "node:http";
import type { AddressInfo } from "node:net";
import type { PprofHandler } from "./handler.js";

/** Where to listen. */
export interface ListenOptions {
  /** 6060 by default, as is usual for Go programs; 0 for any free port. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
}

/** A server for profiles only. */
export interface ProfilePort {
  /** The address of the page that lists the profiles. */
  readonly url: string;
  readonly port: number;
  /** Closes the server and aborts running collections. */
  close(): Promise<void>;
}

/** Starts a server that does not keep the process alive. Rejects if the port is in use. */
export async function listenWith(
  handler: PprofHandler,
  { port = 6060, host = "127.0.0.1" }: ListenOptions,
): Promise<ProfilePort> {
  const server = http.createServer((request, response) => handler(request, response));
  server.on("connection", (socket) => socket.unref());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Processes of a cluster must not share the port: a request would reach any one of them.
    server.listen({ port, host, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.unref();
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}/debug/pprof/`,
    port: address.port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
