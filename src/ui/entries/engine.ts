import type { Call, FromEngine, ToEngine } from "../engine/messages.js";
import { sameThreadEngine } from "../engine/same-thread.js";
import { Service } from "../engine/service.js";
import type { EngineOffer } from "../engine/start.js";
import { pack } from "../engine/transfer.js";

/** The members of a dedicated worker's global object that are used here. */
interface WorkerScope {
  postMessage(message: FromEngine, moved?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToEngine>) => void) | null;
}

/** In a worker, the script answers messages. In a page, it offers an engine to the page. */
if (typeof document === "undefined") serve(globalThis as unknown as WorkerScope);
else (globalThis as EngineOffer).tsprofEngine = sameThreadEngine;

function serve(scope: WorkerScope): void {
  const calls = new Map<number, Call>();
  const service = new Service({
    answer: (id, value) => {
      const call = calls.get(id);
      calls.delete(id);
      if (!call) return;
      const packed = pack(call, value);
      scope.postMessage({ id, value: packed.value }, packed.moved);
    },
    refuse: (id, problem) => {
      calls.delete(id);
      scope.postMessage({ id, problem });
    },
  });
  scope.onmessage = ({ data }) => {
    if ("abort" in data) {
      calls.delete(data.abort);
      service.abort(data.abort);
      return;
    }
    calls.set(data.id, data.call);
    service.send(data.id, data.call);
  };
  scope.postMessage({ ready: true });
}
