/** What a port has, in browsers and in Node. */
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
}

/** Does work in its order, one piece at a time, and lets other events in between. */
export class TaskQueue {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #channel = new MessageChannel() as unknown as { port1: Port; port2: Port };
  #isBusy = false;

  constructor() {
    // A timer would wait for longer and longer.
    this.#channel.port1.onmessage = () => this.#next();
  }

  /** Takes work that never rejects. */
  add(work: () => Promise<void>): void {
    this.#waiting.push(work);
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#channel.port2.postMessage(undefined);
  }

  async #next(): Promise<void> {
    await this.#waiting.shift()?.();
    if (this.#waiting.length > 0) this.#channel.port2.postMessage(undefined);
    else this.#isBusy = false;
  }
}
