import type { Header } from "./headers.js";
import type { Target } from "./target.js";

/** Sends requests, one at a time each on a connection of its own. */
export interface HttpClient {
  /**
   * Asks for `target`, or posts `body` to it, and follows no redirects. Rejects with the error of the connection,
   * or with the reason of `signal` once that is aborted, which also ends the body.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly target: Target;
  readonly headers: readonly Header[];
  /** What is posted; undefined for what is only asked for. */
  readonly body: string | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** The server's words for the status; may be empty. */
  readonly statusText: string;
  /** The value of a header, by its name in small letters; the first, if there are several. */
  header(name: string): string | undefined;
  /** Throws where the connection ends before the body. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the connection, whatever is left of the body. */
  close(): void;
}
