import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** An HTTP request with a profile. */
export interface Upload {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
}

/** A server did not accept a profile. */
export class UploadError extends Error {
  override readonly name = "UploadError";
  /** Whether the server may accept the profile later. */
  readonly mayPass: boolean;
  /** The milliseconds after which the server wants the next attempt; undefined if unknown. */
  readonly retryAfterMillis: number | undefined;

  constructor(message: string, mayPass: boolean, retryAfterMillis?: number) {
    super(message);
    this.mayPass = mayPass;
    this.retryAfterMillis = retryAfterMillis;
  }
}

/** The length of a server's answer that is quoted in errors. */
const MAX_QUOTE = 200;

/** The statuses besides 5xx after which the same request may succeed. */
const PASSING_STATUSES = [408, 425, 429];

/**
 * Sends a profile by POST. Rejects with an {@link UploadError} unless the server answers with 2xx
 * in time. Does not keep the process alive.
 */
export function upload({ url, headers, body, timeoutMillis, signal }: Upload): Promise<void> {
  const about = `POST ${url.origin}${url.pathname}`;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new UploadError(`${about}: ${error.message}`, true));
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, {
      method: "POST",
      agent: false,
      headers: { ...headers, "Content-Length": body.byteLength },
    });
    const timer = setTimeout(() => {
      request.destroy(new Error(`no answer within ${timeoutMillis / 1000} s`));
    }, timeoutMillis).unref();
    const abort = () => request.destroy(new Error("given up"));
    signal.addEventListener("abort", abort);
    request.once("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    });
    request.on("error", fail);
    request.on("socket", (socket) => socket.unref());
    request.on("response", (response) => {
      const { statusCode: status = 0 } = response;
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        if (text.length < MAX_QUOTE) text += piece;
      });
      response.on("error", fail);
      response.on("end", () => {
        if (status >= 200 && status < 300) return resolve();
        const quote = text.slice(0, MAX_QUOTE).replace(/\s+/g, " ").trim();
        const mayPass = status >= 500 || PASSING_STATUSES.includes(status);
        const seconds = Number(response.headers["retry-after"]);
        reject(
          new UploadError(
            `${about}: status ${status}${quote === "" ? "" : `: ${quote}`}`,
            mayPass,
            seconds > 0 ? seconds * 1000 : undefined,
          ),
        );
      });
    });
    if (signal.aborted) abort();
    request.end(body);
  });
}
