import { appendFileSync } from "node:fs";
import type { Session } from "node:inspector";
import {
  type LoadedScript,
  reportScripts,
  SCRIPT_EVENT,
  ScriptCollector,
  type ScriptParsed,
  usedScripts,
} from "../v8/loaded-scripts.js";
import type { Send } from "../v8/protocol.js";
import { completeLines } from "./whole-file.js";

/** Writes the scripts that this thread has loaded to a file, as far as profiles contain them. */
export class ScriptLog {
  readonly #session: Session;
  readonly #send: Send<unknown>;
  readonly #file: string;
  /** The ids of the scripts that were written. */
  readonly #known = new Set<string>();

  constructor(session: Session, send: Send<unknown>, file: string) {
    this.#session = session;
    this.#send = send;
    this.#file = file;
  }

  /** Writes the scripts of a profile that are new. */
  add(profile: unknown): void {
    const ids = usedScripts(profile);
    for (const id of this.#known) ids.delete(id);
    if (ids.size === 0) return;
    const collector = new ScriptCollector(ids);
    const add = ({ params }: { readonly params: ScriptParsed }) => collector.add(params);
    this.#session.on(SCRIPT_EVENT, add);
    reportScripts(this.#send);
    this.#session.off(SCRIPT_EVENT, add);
    for (const id of ids) this.#known.add(id);
    const lines = collector.scripts.map((script) => `${JSON.stringify(script)}\n`);
    appendFileSync(this.#file, lines.join(""));
  }
}

/** Reads the scripts that a {@link ScriptLog} has written; none if there is no such file. */
export function readScripts(file: string): LoadedScript[] {
  return completeLines(file).map((line): LoadedScript => JSON.parse(line));
}
