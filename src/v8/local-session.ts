import { Session } from "node:inspector";

/**
 * A connection to V8's inspector in this thread. It opens no port and does not count as a debugger.
 * Closing it ends its profilers.
 */
export class LocalSession {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
  }

  /**
   * Sends a command. V8 executes it before this function returns; only the answer comes later.
   * Rejects with V8's message if the command fails.
   */
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
