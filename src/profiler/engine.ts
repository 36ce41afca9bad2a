import { Session } from "node:inspector";

/** Most bytes that the tables of a profile of this process may take. */
export const MAX_BYTES = 2 ** 30;

/**
 * A connection to V8's own profilers in this thread. It needs no port, and does not show as
 * a debugger; what it started ends with it.
 */
export class Engine {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
  }

  /** Asks for a method of the inspector protocol. Rejects with what V8 says is wrong. */
  ask(method: string, parameters: object = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, parameters, (error, result) => {
        if (!error) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  close(): void {
    this.#session.disconnect();
  }
}
