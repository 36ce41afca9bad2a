/** The part of MessagePort that browsers and Node share. */
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
}

/** Runs tasks one after another, and lets other events run in between. */
export class TaskQueue {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #channel = new MessageChannel() as unknown as { port1: Port; port2: Port };
  #isBusy = false;

  constructor() {
    // Use messages, because browsers slow down repeated timers.
    this.#channel.port1.onmessage = () => this.#next();
  }

  /** Adds a task, which must not reject. */
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
