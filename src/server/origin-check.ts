import type { IncomingMessage } from "node:http";
import { RefusedRequest } from "./answer.js";

/**
 * Throws a {@link RefusedRequest} unless the browser's headers say that a page of this server sent
 * the request. For requests that change something.
 */
export function checkSameOrigin({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const isFromHere =
    (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) &&
    (site === undefined || site === "same-origin") &&
    (origin !== undefined || site !== undefined);
  if (!isFromHere) throw new RefusedRequest(403, "refused: only pages of tsprof may make changes");
}

/**
 * Throws a {@link RefusedRequest} if a page of another site embeds the content, as an image or a
 * script: it cannot read the answer, but could keep this machine busy. Links are allowed.
 */
export function checkNotEmbedded({ headers }: IncomingMessage): void {
  const site = headers["sec-fetch-site"];
  if (site !== "cross-site" && site !== "same-site") return;
  if (headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document") return;
  throw new RefusedRequest(403, "refused: other sites may not embed pages of tsprof");
}
