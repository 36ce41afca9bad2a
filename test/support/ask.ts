import http from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** The answer of a server. */
export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** Sends a request with Node's own client, which, unlike `fetch`, sends any given headers. */
export function ask(
  port: number,
  path: string,
  { host = "127.0.0.1", body = "", ...options }: http.RequestOptions & { body?: string } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, path, host, agent: false, ...options }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const whole = Buffer.concat(pieces);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: whole,
          text: whole.toString(),
        });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Listens on a free port until the end of the test. Returns the port. */
export async function listening(
  listener: http.RequestListener,
  host = "127.0.0.1",
  options: http.ServerOptions = {},
): Promise<number> {
  const server = http.createServer(options, listener);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
