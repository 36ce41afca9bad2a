import { type Engine, EngineError } from "./engine.js";
import type { Call, FromEngine, ToEngine } from "./messages.js";
import { RequestingEngine } from "./requests.js";
import { unpack } from "./wire.js";

/** The script of the engine, the bundle `engine`. */
export type EngineScript =
  /** Where a server has it. */
  | { readonly url: string }
  /**
   * In a page that is a file: an ordinary script element with it, that has been run. There it
   * does no more than to offer the engine to the page: see `engine.ts`.
   */
  | { readonly element: HTMLScriptElement };

/** Where the script leaves what makes an engine in the page itself. */
export interface EngineOffer {
  tsprofEngine?: () => Engine;
}

/** In milliseconds; browsers that refuse workers mostly say so at once. */
const PATIENCE = 10_000;

/**
 * Starts the engine in a thread of its own; where there can be none (the page is a file, or a
 * policy forbids it), in the thread of the page. Rejects with an {@link EngineError}.
 */
export async function startEngine(script: EngineScript): Promise<Engine> {
  try {
    return await startWorker(script);
  } catch {
    return startInPage(script);
  }
}

async function startWorker(script: EngineScript): Promise<Engine> {
  if ("url" in script) return engineOf(new Worker(script.url));
  const text = script.element.textContent ?? "";
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await engineOf(new Worker(url));
  } finally {
    URL.revokeObjectURL(url);
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
      reject(new EngineError("the engine does not start"));
    };
    const timer = setTimeout(giveUp, PATIENCE);
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

async function startInPage(script: EngineScript): Promise<Engine> {
  const page = globalThis as EngineOffer;
  if (!page.tsprofEngine && "url" in script) await load(script.url);
  if (!page.tsprofEngine) throw new EngineError("the browser does not run the engine of this page");
  return page.tsprofEngine();
}

function load(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = url;
    element.onload = () => resolve();
    element.onerror = () => reject(new EngineError(`the browser does not load ${url}`));
    document.head.append(element);
  });
}
