import { Session } from "node:inspector";
import {
  type LoadedScript,
  reportScripts,
  SCRIPT_EVENT,
  ScriptCollector,
  type ScriptParsed,
  usedScripts,
} from "./loaded-scripts.js";

const JAVASCRIPT = /\.[cm]?js$/i;

/** Jest and Vitest compile JavaScript, too. Other programs run it as it is. */
const isTestRunner = "JEST_WORKER_ID" in process.env || "VITEST" in process.env;

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

  /** Calls `listener` with the parameters of an event of the protocol. */
  on(event: string, listener: (params: unknown) => void): void {
    this.#session.on(event, ({ params }: { readonly params: unknown }) => listener(params));
  }

  /**
   * Returns the scripts of a profile as V8 has loaded them, if it contains scripts that are
   * compiled in memory, such as TypeScript. To list them costs some milliseconds.
   */
  async compiledScripts(profile: unknown): Promise<readonly LoadedScript[]> {
    const ids = usedScripts(profile, (url) => isTestRunner || !JAVASCRIPT.test(url));
    if (ids.size === 0) return [];
    const collector = new ScriptCollector(ids);
    const add = ({ params }: { readonly params: ScriptParsed }) => collector.add(params);
    this.#session.on(SCRIPT_EVENT, add);
    const answers = reportScripts(this.send);
    this.#session.off(SCRIPT_EVENT, add);
    await Promise.all(answers);
    return collector.scripts;
  }

  close(): void {
    this.#session.disconnect();
  }
}
