import { type Engine, EngineError } from "./engine.js";
import type { Args, Call, Method } from "./messages.js";

export interface Transport {
  send(id: number, call: Call): void;
  abort(id: number): void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** An {@link Engine} that sends its requests over a {@link Transport}. */
export class RequestingEngine implements Engine {
  readonly #transport: Transport;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  /** The reason why the engine has stopped. */
  #failure: EngineError | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  readonly open: Engine["open"] = (file) => this.#ask("open", [file]);
  readonly preview: Engine["preview"] = (files, options) => this.#ask("preview", [files, options]);
  readonly openTogether: Engine["openTogether"] = (combination) =>
    this.#ask("openTogether", [combination]);
  readonly flame: Engine["flame"] = (options, request, signal) =>
    this.#ask("flame", [options, request], signal);
  readonly sandwich: Engine["sandwich"] = (options, request, signal) =>
    this.#ask("sandwich", [options, request], signal);
  readonly timeline: Engine["timeline"] = (options, request, signal) =>
    this.#ask("timeline", [options, request], signal);
  readonly selectedTotal: Engine["selectedTotal"] = (options, signal) =>
    this.#ask("selectedTotal", [options], signal);
  readonly top: Engine["top"] = (options, signal) => this.#ask("top", [options], signal);
  readonly peek: Engine["peek"] = (options, pattern, signal) =>
    this.#ask("peek", [options, pattern], signal);
  readonly tags: Engine["tags"] = (options, signal) => this.#ask("tags", [options], signal);
  readonly dot: Engine["dot"] = (options, signal) => this.#ask("dot", [options], signal);
  readonly weblist: Engine["weblist"] = (options, pattern, signal) =>
    this.#ask("weblist", [options, pattern], signal);
  readonly text: Engine["text"] = (report, options, pattern, range, signal) =>
    this.#ask("text", [report, options, pattern, range], signal);
  readonly suggest: Engine["suggest"] = (options, part, limit) =>
    this.#ask("suggest", [options, part, limit]);

  /** Resolves a request; ignores the answer to an aborted one. */
  answer(id: number, value: unknown): void {
    this.#take(id)?.resolve(value as never);
  }

  refuse(id: number, problem: string): void {
    this.#take(id)?.reject(new EngineError(problem));
  }

  /** Rejects all open and all future requests. */
  fail(problem: string): void {
    this.#failure = new EngineError(problem);
    for (const id of [...this.#waiting.keys()]) this.refuse(id, problem);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #ask<M extends Method>(method: M, args: Args<M>, signal?: AbortSignal): ReturnType<Engine[M]> {
    const id = ++this.#lastId;
    const promise = new Promise<never>((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      signal?.throwIfAborted();
      const onAbort = () => {
        this.#take(id)?.reject(signal?.reason);
        this.#transport.abort(id);
      };
      const settle =
        <T>(finish: (result: T) => void) =>
        (result: T) => {
          signal?.removeEventListener("abort", onAbort);
          finish(result);
        };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#transport.send(id, { method, args } as Call);
    });
    return promise as unknown as ReturnType<Engine[M]>;
  }
}
