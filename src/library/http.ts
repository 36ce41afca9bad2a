/** The library's entry for programs that serve their own profiles over HTTP. Only for Node. */
import type { Profile } from "../profile/profile.js";
import { addRoutes, type FastifyLike } from "../profiler/http/fastify.js";
import { handlerFor, type PprofHandler } from "../profiler/http/handler.js";
import { type ListenOptions, listenWith, type ProfilePort } from "../profiler/http/listen.js";
import { type PprofOptions, ProfileServer } from "../profiler/http/server.js";

export type { Allow } from "../profiler/http/access.js";
export type { FastifyLike } from "../profiler/http/fastify.js";
export type { PprofHandler } from "../profiler/http/handler.js";
export type { ListenOptions, ProfilePort } from "../profiler/http/listen.js";
export type { PprofOptions } from "../profiler/http/server.js";

/** Loads the reports only when a client requests text. */
async function textOf(profile: Profile): Promise<string> {
  const { text } = await import("./node.js");
  return text(profile, { report: "top" });
}

/**
 * Returns a handler that serves `/debug/pprof/`, for `http.createServer` and for `app.use` of
 * Express. It passes other paths to the next handler. Throws if the options are invalid.
 */
export function pprofHandler(options: PprofOptions = {}): PprofHandler {
  return handlerFor(new ProfileServer(options, textOf));
}

/** A Fastify plugin that serves `/debug/pprof/`. Rejects if the options are invalid. */
export async function pprofPlugin(instance: FastifyLike, options: PprofOptions): Promise<void> {
  addRoutes(instance, new ProfileServer(options, textOf));
}

/**
 * Serves `/debug/pprof/` on a port of its own, without keeping the process alive. Rejects if the
 * port is in use or the options are invalid.
 */
export async function startPprofServer(
  options: PprofOptions & ListenOptions = {},
): Promise<ProfilePort> {
  return listenWith(pprofHandler(options), options);
}
