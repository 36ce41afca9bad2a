import type { Header } from "./headers.js";
import type { Target } from "./target.js";

/** Sends each request on a connection of its own. */
export interface HttpClient {
  /**
   * Sends a GET request, or POST if there is a body. Does not follow redirects. Rejects with the
   * connection's error, or with the reason of `signal`, which also ends the response's body.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly target: Target;
  readonly headers: readonly Header[];
  /** The body of a POST request; undefined for GET. */
  readonly body: string | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** The reason phrase; may be empty. */
  readonly statusText: string;
  /** Returns the first value of a header; `name` is in lower case. */
  header(name: string): string | undefined;
  /** Throws if the connection ends before the body is complete. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection, even if the body is not complete. */
  close(): void;
}
