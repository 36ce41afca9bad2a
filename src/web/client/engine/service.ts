import { Answerer } from "./answerer.js";
import { explain } from "./errors.js";
import type { Call } from "./messages.js";
import { Turns } from "./turns.js";

/** Where the answers of a {@link Service} go. */
export interface Client {
  answer(id: number, value: unknown): void;
  refuse(id: number, problem: string): void;
}

/** Answers requests in their order. One that is aborted before its turn is not worked on. */
export class Service {
  readonly #client: Client;
  readonly #answerer = new Answerer();
  readonly #turns = new Turns();
  readonly #waiting = new Set<number>();

  constructor(client: Client) {
    this.#client = client;
  }

  send(id: number, call: Call): void {
    this.#waiting.add(id);
    this.#turns.add(async () => {
      if (!this.#waiting.delete(id)) return;
      try {
        this.#client.answer(id, await this.#made(call));
      } catch (error) {
        this.#client.refuse(id, explain(error));
      }
    });
  }

  abort(id: number): void {
    this.#waiting.delete(id);
  }

  #made({ method, args }: Call): Promise<unknown> {
    // Which arguments a method has is told by the type of calls.
    const make = this.#answerer[method] as (...args: readonly unknown[]) => Promise<unknown>;
    return make.apply(this.#answerer, args);
  }
}
