/** The entry of the library for programs that serve their own profiles over HTTP; for Node only. */
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

/** Reports are loaded once a text is asked for. */
async function textOf(profile: Profile): Promise<string> {
  const { text } = await import("./node.js");
  return text(profile, { report: "top" });
}

/**
 * A handler that serves `/debug/pprof/`, for `http.createServer` and for `app.use` of Express;
 * other paths go to the next handler. Throws where the options make no sense.
 */
export function pprofHandler(options: PprofOptions = {}): PprofHandler {
  return handlerFor(new ProfileServer(options, textOf));
}

/**
 * A plugin of Fastify that serves `/debug/pprof/`, for `app.register`. Rejects where the options
 * make no sense.
 */
export async function pprofPlugin(instance: FastifyLike, options: PprofOptions): Promise<void> {
  addRoutes(instance, new ProfileServer(options, textOf));
}

/**
 * Serves `/debug/pprof/` at a port of its own, which does not keep the process going. Rejects
 * where the port is in use or the options make no sense.
 */
export async function startPprofServer(
  options: PprofOptions & ListenOptions = {},
): Promise<ProfilePort> {
  return listenWith(pprofHandler(options), options);
}
