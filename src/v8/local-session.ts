import { Session } from "node:inspector";

/** A connection to V8's inspector in this thread, without a port. Closing it ends its profilers. */
export class LocalSession {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
  }

  /** Sends a command, which V8 executes before this returns. Rejects with V8's message. */
  readonly send = (method: string, params: object = {}): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      this.#session.post(method, params, (error, result = {}) => {
        if (!error) resolve(result as Record<string, unknown>);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });

  close(): void {
    this.#session.disconnect();
  }
}
