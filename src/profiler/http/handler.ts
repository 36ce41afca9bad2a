import type { IncomingMessage, ServerResponse } from "node:http";
import { answerRefused, Refused } from "./answer.js";
import type { ProfileServer } from "./server.js";

/**
 * Answers requests below `/debug/pprof`: as a listener of `node:http`, or as what Express and
 * its like call middleware. Others are given to `next`; without it they get a 404.
 */
export type PprofHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/** Where Go serves profiles, and all tools look for them. */
export const PREFIX = "/debug/pprof";

/** A handler for what `server` answers. */
export function handlerFor(server: ProfileServer): PprofHandler {
  return (request, response, next) => {
    const target = targetOf(request);
    if (target) void server.serve(request, response, target.name);
    else if (next) next();
    else answerRefused(response, new Refused(404, "there is nothing here but /debug/pprof/"));
  };
}

/** What is asked for below the prefix, undefined without the slash; undefined where it is elsewhere. */
function targetOf(request: IncomingMessage): { readonly name: string | undefined } | undefined {
  const path = pathOf(request.url);
  if (path === PREFIX) return { name: undefined };
  if (path.startsWith(`${PREFIX}/`)) return { name: path.slice(PREFIX.length + 1) };
  // Express takes away what a handler is mounted at.
  const { baseUrl, originalUrl } = request as { baseUrl?: unknown; originalUrl?: unknown };
  if (typeof baseUrl !== "string" || !baseUrl.endsWith(PREFIX)) return undefined;
  if (pathOf(originalUrl) === baseUrl) return { name: undefined };
  return { name: path.slice(1) };
}

/** The path of a request's address, without what is after its question mark. */
export function pathOf(url: unknown): string {
  return typeof url === "string" ? url.replace(/\?.*$/s, "") : "";
}
