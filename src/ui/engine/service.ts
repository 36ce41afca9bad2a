import { Answerer } from "./answerer.js";
import { explain } from "./errors.js";
import type { Call } from "./messages.js";
import { TaskQueue } from "./task-queue.js";

export interface Client {
  answer(id: number, value: unknown): void;
  refuse(id: number, problem: string): void;
}

/** Pause before warming up: a page asks for a report right after it has opened a profile. */
const WARM_UP_DELAY_MS = 50;

/** Warming up ends when one task takes longer than this: requests would wait too long. */
const MAX_WARM_UP_MS = 500;

/** The methods after which another profile is open. */
const OPENS: ReadonlySet<string> = new Set(["open", "openTogether"]);

/** Answers requests in order, except those aborted before their turn. Warms up between them. */
export class Service {
  readonly #client: Client;
  readonly #answerer = new Answerer();
  readonly #queue = new TaskQueue();
  readonly #waiting = new Set<number>();
  #warmUps: (() => Promise<void>)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  send(id: number, call: Call): void {
    clearTimeout(this.#timer);
    this.#waiting.add(id);
    this.#queue.add(async () => {
      if (!this.#waiting.delete(id)) return;
      try {
        this.#client.answer(id, await this.#answer(call));
        if (OPENS.has(call.method)) this.#warmUps = this.#answerer.warmUps();
      } catch (error) {
        this.#client.refuse(id, explain(error));
      }
      if (this.#waiting.size === 0) this.#warmUp(WARM_UP_DELAY_MS);
    });
  }

  /** Runs one task at a time, so that a request waits for at most one of them. */
  #warmUp(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#warmUps.length === 0) return;
    this.#timer = setTimeout(() => {
      const warmUp = this.#warmUps.shift();
      this.#queue.add(async () => {
        const start = performance.now();
        await warmUp?.().catch(() => {});
        if (performance.now() - start > MAX_WARM_UP_MS) this.#warmUps = [];
        if (this.#waiting.size === 0) this.#warmUp(0);
      });
    }, delay);
  }

  abort(id: number): void {
    this.#waiting.delete(id);
  }

  #answer({ method, args }: Call): Promise<unknown> {
    // The type Call ensures that the arguments fit the method.
    const make = this.#answerer[method] as (...args: readonly unknown[]) => Promise<unknown>;
    return make.apply(this.#answerer, args);
  }
}
