import type { IncomingMessage, ServerResponse } from "node:http";
import { PREFIX, pathOf } from "./handler.js";
import type { ProfileServer } from "./server.js";

/** What is used of a Fastify instance, so that its types are not needed. */
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

/** What is used of a request of Fastify. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly params: unknown;
}

/** What is used of a reply of Fastify. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Adds routes for what `server` answers, below the prefix that the plugin is registered with. */
export function addRoutes(instance: FastifyLike, server: ProfileServer): void {
  // Bodies of any type are let by, as clients that ask for symbols send some.
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
  // Fastify may be told that the slash at the end does not matter.
  return pathOf(raw.url).endsWith("/") ? "" : undefined;
}
