import type { IncomingMessage, ServerResponse } from "node:http";
import { answerRefused, Refused } from "./answer.js";
import type { ProfileServer } from "./server.js";

/**
 * Answers requests below `/debug/pprof`, as a listener of `node:http` or as middleware of Express
 * and similar frameworks. Passes other requests to `next`, or answers them with 404 without it.
 */
export type PprofHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/** The path of profiles on Go's servers, which all tools use. */
export const PREFIX = "/debug/pprof";

/** Returns a handler that passes requests to `server`. */
export function handlerFor(server: ProfileServer): PprofHandler {
  return (request, response, next) => {
    const target = targetOf(request);
    if (target) void server.serve(request, response, target.name);
    else if (next) next();
    else answerRefused(response, new Refused(404, "not found; this server has only /debug/pprof/"));
  };
}

/**
 * Returns the path below the prefix; its `name` is undefined if even the slash after the prefix is
 * missing. Returns undefined for other paths.
 */
function targetOf(request: IncomingMessage): { readonly name: string | undefined } | undefined {
  const path = pathOf(request.url);
  if (path === PREFIX) return { name: undefined };
  if (path.startsWith(`${PREFIX}/`)) return { name: path.slice(PREFIX.length + 1) };
  // Express removes the path at which a handler is mounted.
  const { baseUrl, originalUrl } = request as { baseUrl?: unknown; originalUrl?: unknown };
  if (typeof baseUrl !== "string" || !baseUrl.endsWith(PREFIX)) return undefined;
  if (pathOf(originalUrl) === baseUrl) return { name: undefined };
  return { name: path.slice(1) };
}

/** Returns the path of a URL without its query. */
export function pathOf(url: unknown): string {
  return typeof url === "string" ? url.replace(/\?.*$/s, "") : "";
}
