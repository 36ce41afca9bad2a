import { createHash } from "node:crypto";
import { withoutControls } from "../render/controls.js";

/** What is sent for a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/**
 * What may be long comes in pieces: all of them, so that the length is known, or each made when
 * the one before it is on its way.
 */
export type Body = string | Uint8Array | readonly Uint8Array[] | AsyncIterable<Uint8Array>;

/** A request that cannot be answered: its status, and a line that says why. */
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

/** What went wrong, as one line whatever is in it. */
export function problem(status: number, message: string): Answer {
  const line = withoutControls(message.replace(/\s+/g, " ").trim());
  return text(status, `${line}\n`);
}

/** The answer to a request that is refused. */
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

/** What every answer says: to guess nothing of it, and to let no other site have it. */
export const SAFE_HEADERS = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

/** What a page may do: run our scripts, ask us, and nothing else. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; " +
  "img-src 'self' data: blob:; worker-src 'self' blob:; frame-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What a script may do as a worker: ask us. It has no part in the policy of its page. */
export const WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/** What a page of source may do; it has a policy of its own besides, with its hashes. */
export const FRAME_POLICY = "frame-ancestors 'self'; sandbox allow-scripts";

/** A tag that changes with the content. */
export function tagOf(content: string | Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
}
