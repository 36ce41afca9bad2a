import { type Engine, EngineError } from "./engine.js";
import type { Call, FromEngine, ToEngine } from "./messages.js";
import { RequestingEngine } from "./requests.js";
import { unpack } from "./transfer.js";

/** The global object on which the engine script offers to run in the page's thread. */
export interface EngineOffer {
  tsprofEngine?: () => Engine;
}

/** Browsers that refuse workers mostly report it immediately. */
const START_TIMEOUT_MS = 10_000;

/** Starts the engine's script in a worker, or else in the page. Rejects with an EngineError. */
export async function startEngine({ url }: { readonly url: string }): Promise<Engine> {
  try {
    return await engineOf(new Worker(url));
  } catch {
    return startInPage(url);
  }
}

function engineOf(worker: Worker): Promise<Engine> {
  const calls = new Map<number, Call>();
  const send = (message: ToEngine) => worker.postMessage(message);
  const engine = new RequestingEngine({
    send: (id, call) => {
      calls.set(id, call);
      send({ id, call });
    },
    abort: (id) => {
      calls.delete(id);
      send({ abort: id });
    },
  });
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      worker.terminate();
      reject(new EngineError("the engine did not start"));
    };
    const timer = setTimeout(giveUp, START_TIMEOUT_MS);
    worker.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      giveUp();
      engine.fail("the engine has stopped; reload the page to start it again");
    };
    worker.onmessage = ({ data }: MessageEvent<FromEngine>) => {
      if ("ready" in data) {
        clearTimeout(timer);
        resolve(engine);
        return;
      }
      const call = calls.get(data.id);
      calls.delete(data.id);
      if (!call) return;
      if ("problem" in data) engine.refuse(data.id, data.problem);
      else engine.answer(data.id, unpack(call, data.value));
    };
  });
}

async function startInPage(url: string): Promise<Engine> {
  const page = globalThis as EngineOffer;
  if (!page.tsprofEngine) await load(url);
  if (!page.tsprofEngine) throw new EngineError("this browser cannot run the page's engine");
  return page.tsprofEngine();
}

function load(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = url;
    element.onload = () => resolve();
    element.onerror = () => reject(new EngineError(`the browser cannot load ${url}`));
    document.head.append(element);
  });
}
