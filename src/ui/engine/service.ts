import { Answerer } from "./answerer.js";
import { explain } from "./errors.js";
import type { Call } from "./messages.js";
import { TaskQueue } from "./task-queue.js";

/** Where the answers of a {@link Service} go. */
export interface Client {
  answer(id: number, value: unknown): void;
  refuse(id: number, problem: string): void;
}

/** Who has just opened a profile mostly asks for something at once, which comes first; in milliseconds. */
const REST_MS = 50;

/** If one takes longer, it keeps requests waiting for more than it wins; in milliseconds. */
const MAX_REHEARSAL_MS = 500;

/**
 * Answers requests in their order. One that is aborted before its turn is not worked on. While
 * there is nothing to do after a profile was opened, what may come is tried.
 */
export class Service {
  readonly #client: Client;
  readonly #answerer = new Answerer();
  readonly #turns = new TaskQueue();
  readonly #waiting = new Set<number>();
  #rehearsals: (() => Promise<void>)[] = [];
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  send(id: number, call: Call): void {
    clearTimeout(this.#rest);
    this.#waiting.add(id);
    this.#turns.add(async () => {
      if (!this.#waiting.delete(id)) return;
      try {
        this.#client.answer(id, await this.#made(call));
        if (call.method === "open") this.#rehearsals = this.#answerer.warmUps();
      } catch (error) {
        this.#client.refuse(id, explain(error));
      }
      if (this.#waiting.size === 0) this.#rehearse(REST_MS);
    });
  }

  /** Does one thing at a time, so that a request never waits for long. */
  #rehearse(delay: number): void {
    clearTimeout(this.#rest);
    if (this.#rehearsals.length === 0) return;
    this.#rest = setTimeout(() => {
      const rehearsal = this.#rehearsals.shift();
      this.#turns.add(async () => {
        const start = performance.now();
        await rehearsal?.().catch(() => {});
        if (performance.now() - start > MAX_REHEARSAL_MS) this.#rehearsals = [];
        if (this.#waiting.size === 0) this.#rehearse(0);
      });
    }, delay);
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
