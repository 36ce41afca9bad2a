import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

/** On all answers: each is of this moment, and for the one who asked. */
const HEADERS: OutgoingHttpHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export const TEXT = "text/plain; charset=utf-8";

/** A request that gets no profile, but a line of text that says why. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;

  constructor(status: number, message: string, headers: OutgoingHttpHeaders = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Answers with all of `body`; Node leaves it out where the request is HEAD. */
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

/** Answers with why not. By the header X-Go-Pprof `go tool pprof` knows that the text is for its user. */
export function answerRefused(response: ServerResponse, refused: Refused): void {
  const headers = { "X-Go-Pprof": "1", ...refused.headers };
  answer(response, TEXT, `${refused.message}\n`, headers, refused.status);
}

/** What an answer with a profile has for headers, under the name that it is to be saved as. */
export function profileHeaders(name: string): OutgoingHttpHeaders {
  return { "Content-Disposition": `attachment; filename="${name}"` };
}

/** The headers of a profile that nobody waits for. */
export function answerHead(response: ServerResponse, type: string, name: string): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": type, ...profileHeaders(name) });
  response.end();
}
