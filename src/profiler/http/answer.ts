import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

/** The headers of all responses: they must be neither cached nor read by other sites. */
const HEADERS: OutgoingHttpHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export const TEXT = "text/plain; charset=utf-8";

/** A request is refused. The message is one line for the client. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;

  constructor(status: number, message: string, headers: OutgoingHttpHeaders = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Sends a whole response. Node omits the body if the request is HEAD. */
export function answer(
  response: ServerResponse,
  type: string,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders = {},
  status = 200,
): void {
  response.writeHead(status, {
    ...HEADERS,
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Sends a refusal. The header X-Go-Pprof makes `go tool pprof` show the text to its user. */
export function answerRefused(response: ServerResponse, refused: Refused): void {
  const headers = { "X-Go-Pprof": "1", ...refused.headers };
  answer(response, TEXT, `${refused.message}\n`, headers, refused.status);
}

/** Returns the headers for a profile. `name` is the suggested file name. */
export function profileHeaders(name: string): OutgoingHttpHeaders {
  return { "Content-Disposition": `attachment; filename="${name}"` };
}

/** Answers a HEAD request for a profile, without collecting it. */
export function answerHead(response: ServerResponse, type: string, name: string): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": type, ...profileHeaders(name) });
  response.end();
}
