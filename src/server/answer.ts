import { createHash } from "node:crypto";
import { escapeControls } from "../render/controls.js";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/**
 * The body of an answer. A long body is an array of pieces, so that its length is known, or an
 * iterable that makes each piece when the previous one has been sent.
 */
export type Body = string | Uint8Array | readonly Uint8Array[] | AsyncIterable<Uint8Array>;

/** An error for a request that the server refuses, with the HTTP status and a line that says why. */
export class RefusedRequest extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function text(status: number, body: string): Answer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
}

/** Returns an answer with an error message in one line. */
export function problem(status: number, message: string): Answer {
  const line = escapeControls(message.replace(/\s+/g, " ").trim());
  return text(status, `${line}\n`);
}

export function refusal({ status, message, headers }: RefusedRequest): Answer {
  const answer = problem(status, message);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

export function json(body: Body): Answer {
  return { status: 200, headers: { "Content-Type": "application/json; charset=utf-8" }, body };
}

export function redirect(location: string): Answer {
  return { ...text(302, ""), headers: { Location: location } };
}

/** The headers of every answer: no guessing of its type, and no use by other sites. */
export const SAFE_HEADERS = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

/** The policy of pages: they may run the scripts of this server and send requests to it. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; " +
  "img-src 'self' data: blob:; worker-src 'self' blob:; frame-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The policy of workers, which do not inherit their page's policy: they may send requests here. */
export const WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/** The policy of source pages. The page itself adds a policy with the hashes of its scripts. */
export const FRAME_POLICY = "frame-ancestors 'self'; sandbox allow-scripts";

/** Returns an ETag, which changes with the content. */
export function tagOf(content: string | Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
}
