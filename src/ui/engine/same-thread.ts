import type { Engine } from "./engine.js";
import { RequestingEngine } from "./requests.js";
import { Service } from "./service.js";

/** Returns an engine that runs in the calling thread, between other events. */
export function sameThreadEngine(): Engine {
  const engine: RequestingEngine = new RequestingEngine({
    send: (id, call) => service.send(id, call),
    abort: (id) => service.abort(id),
  });
  const service = new Service(engine);
  return engine;
}
