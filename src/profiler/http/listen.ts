import http from "node:http";
import type { AddressInfo } from "node:net";
import type { PprofHandler } from "./handler.js";

/** Where a server of its own listens. */
export interface ListenOptions {
  /** 6060 where it is left out, as is the habit with Go; 0 is any that is free. */
  readonly port?: number;
  /** 127.0.0.1 where it is left out. */
  readonly host?: string;
}

/** A server that has nothing but profiles. */
export interface ProfilePort {
  /** The address of the page that says what there is. */
  readonly url: string;
  readonly port: number;
  /** Ends it, and all that is being taken. */
  close(): Promise<void>;
}

/** Listens with `handler`. The process may end meanwhile. Rejects where the port is in use. */
export async function listenWith(
  handler: PprofHandler,
  { port = 6060, host = "127.0.0.1" }: ListenOptions,
): Promise<ProfilePort> {
  const server = http.createServer((request, response) => handler(request, response));
  server.on("connection", (socket) => socket.unref());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Each process of a cluster has a port of its own, or it would be anybody's profile.
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
