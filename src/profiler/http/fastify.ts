import type { IncomingMessage, ServerResponse } from "node:http";
import { PREFIX, pathOf } from "./handler.js";
import type { ProfileServer } from "./server.js";

/** The used part of a Fastify instance, so that Fastify's types are not needed. */
export interface FastifyLike {
  all(
    path: string,
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => void,
  ): unknown;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    parser: (
      request: FastifyRequestLike,
      payload: IncomingMessage,
      done: (error: Error | null) => void,
    ) => void,
  ): unknown;
}

/** The used part of a Fastify request. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly params: unknown;
}

/** The used part of a Fastify reply. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Adds the routes of `server`, below the prefix with which the plugin is registered. */
export function addRoutes(instance: FastifyLike, server: ProfileServer): void {
  // Accept bodies of any type, as clients POST the addresses of symbols.
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser("*", (_request, _payload, done) => done(null));
  const handler = (request: FastifyRequestLike, reply: FastifyReplyLike) => {
    reply.hijack();
    void server.serve(request.raw, reply.raw, nameOf(request));
  };
  instance.all(PREFIX, handler);
  instance.all(`${PREFIX}/*`, handler);
}

function nameOf({ raw, params }: FastifyRequestLike): string | undefined {
  const name = (params as { "*"?: unknown } | undefined)?.["*"];
  if (typeof name === "string") return name;
  // Fastify can be configured to ignore the slash at the end.
  return pathOf(raw.url).endsWith("/") ? "" : undefined;
}
