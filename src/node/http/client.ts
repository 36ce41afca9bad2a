import type { Header } from "./headers.js";
import type { Target } from "./target.js";

/** Sends requests, one at a time each on a connection of its own. */
export interface HttpClient {
  /**
   * Asks for `target` and follows no redirects. Rejects with the error of the connection,
   * or with the reason of `signal` once that is aborted, which also ends the body.
   */
  get(target: Target, headers: readonly Header[], signal: AbortSignal): Promise<HttpResponse>;
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
