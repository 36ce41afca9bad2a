import { Session } from "node:inspector";
import { compiledScripts, type LoadedScript, loadedScripts } from "./loaded-scripts.js";
import type { Connection } from "./worker-sessions.js";

/**
 * A connection to V8's inspector in this thread. It opens no port and does not count as a debugger.
 * Closing it ends its profilers.
 */
export class LocalSession implements Connection {
  readonly #session = new Session();

  /** With `isOfMain`, connects a worker to the main thread instead. */
  constructor(isOfMain = false) {
    if (isOfMain) this.#session.connectToMainThread();
    else this.#session.connect();
  }

  /**
   * Sends a command. This thread executes it before this function returns; only the answer comes
   * later. Rejects with V8's message if the command fails.
   */
  readonly send = (method: string, params: object = {}): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      this.#session.post(method, params, (error, result = {}) => {
        if (!error) resolve(result as Record<string, unknown>);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });

  on(method: string, listener: (params: Record<string, unknown>) => void): void {
    this.#session.removeAllListeners(method);
    this.#session.on(method, ({ params }) => listener(params ?? {}));
  }

  /**
   * Returns the scripts of a profile as V8 has loaded them, if it contains scripts that are
   * compiled in memory, such as TypeScript. To list them costs some milliseconds.
   */
  async compiledScripts(profile: unknown): Promise<readonly LoadedScript[]> {
    const used = compiledScripts(profile);
    return used.size > 0 ? loadedScripts(this, used) : [];
  }

  close(): void {
    this.#session.disconnect();
  }
}
