import type { IncomingMessage } from "node:http";
import { RefusedRequest } from "./answer.js";

/**
 * Refuses what changes something unless a page of this server asks for it, as browsers tell.
 * Throws a {@link RefusedRequest}.
 */
export function checkSameOrigin({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const isFromHere =
    (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) &&
    (site === undefined || site === "same-origin") &&
    (origin !== undefined || site !== undefined);
  if (!isFromHere)
    throw new RefusedRequest(403, "only the pages of tsprof may change anything here");
}

/**
 * Refuses what another site wants to have within its own pages, as a picture or a script:
 * it could not read it, but could keep this machine busy. Links from anywhere are fine.
 */
export function checkNotEmbedded({ headers }: IncomingMessage): void {
  const site = headers["sec-fetch-site"];
  if (site !== "cross-site" && site !== "same-site") return;
  if (headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document") return;
  throw new RefusedRequest(403, "this is not for other sites to have in their pages");
}
