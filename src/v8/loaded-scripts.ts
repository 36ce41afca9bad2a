/**
 * Lists the scripts of a thread as V8 compiled them, which may differ from their files. `record`
 * bundles this module into the programs that it records: keep it free of imports and side effects.
 */
import type { Send } from "./protocol.js";
import type { Connection } from "./worker-sessions.js";

/** A script with a path, as V8 compiled it. */
export interface LoadedScript {
  readonly url: string;
  /** The link to its source map, such as a data URL; may be empty. */
  readonly sourceMapUrl: string;
  /** The number of its line breaks. */
  readonly lineBreaks: number;
}

/** The event that reports a script. */
export const SCRIPT_EVENT = "Debugger.scriptParsed";

/** The parameters of {@link SCRIPT_EVENT} that are used here. */
export interface ScriptParsed {
  readonly scriptId?: unknown;
  readonly url?: unknown;
  readonly sourceMapURL?: unknown;
  readonly endLine?: unknown;
}

/**
 * Makes V8 report all scripts of a thread as {@link SCRIPT_EVENT}, which costs some milliseconds.
 * Returns the answers to the commands. The debugger stops nothing, and is disabled afterwards.
 */
export function reportScripts<Answer>(send: Send<Answer>): Answer[] {
  return [
    send("Debugger.setSkipAllPauses", { skip: true }),
    send("Debugger.enable"),
    send("Debugger.disable"),
  ];
}

/** Returns the scripts with some ids that a thread has loaded. */
export async function loadedScripts(
  thread: Connection,
  ids: ReadonlySet<string>,
): Promise<readonly LoadedScript[]> {
  return scriptsOf(thread, ({ scriptId }) => ids.has(String(scriptId)));
}

/** Returns the scripts with some URLs that a thread has loaded. */
export async function scriptsByUrl(
  thread: Connection,
  urls: ReadonlySet<string>,
): Promise<readonly LoadedScript[]> {
  return scriptsOf(thread, ({ url }) => urls.has(String(url)));
}

async function scriptsOf(
  thread: Connection,
  includes: (script: ScriptParsed) => boolean,
): Promise<readonly LoadedScript[]> {
  const scripts: LoadedScript[] = [];
  thread.on(SCRIPT_EVENT, (params: ScriptParsed) => {
    if (includes(params)) scripts.push(loaded(params));
  });
  await Promise.all(reportScripts(thread.send));
  thread.on(SCRIPT_EVENT, () => {});
  return scripts;
}

function loaded({ url, sourceMapURL, endLine }: ScriptParsed): LoadedScript {
  return {
    url: String(url),
    sourceMapUrl: String(sourceMapURL ?? ""),
    lineBreaks: Number(endLine),
  };
}

/** Jest and Vitest compile JavaScript, too. Other programs run it as it is. */
const isTestRunner = "JEST_WORKER_ID" in process.env || "VITEST" in process.env;

/** Returns whether Node runs a script as it is, unlike TypeScript. */
export function isPlainScript(url: string): boolean {
  return !hasPath(url) || (!isTestRunner && /\.[cm]?js$/i.test(url));
}

/** Returns the ids of the used scripts that Node does not run as they are, such as TypeScript. */
export function compiledScripts(profile: unknown): Set<string> {
  return usedScripts(profile, (url) => !isPlainScript(url));
}

/**
 * Returns the ids of the scripts with paths in a profile of V8, of the CPU or the heap; if `includes`
 * is given, only of those for whose URL it returns true.
 */
export function usedScripts(
  profile: unknown,
  includes: (url: string) => boolean = () => true,
): Set<string> {
  const ids = new Set<string>();
  const { nodes, head } = profile as { nodes?: V8Node[]; head?: V8Node };
  const open = nodes ? [...nodes] : head ? [head] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    const { scriptId, url } = node.callFrame;
    if (hasPath(url) && includes(url)) ids.add(scriptId);
    // The nodes of CPU profiles have only the ids of their children.
    if (!nodes) for (const child of node.children ?? []) open.push(child);
  }
  return ids;
}

interface V8Node {
  readonly callFrame: { readonly scriptId: string; readonly url: string };
  readonly children?: V8Node[];
}

/** Collects the scripts with some ids from events. */
export class ScriptCollector {
  readonly #ids: ReadonlySet<string>;
  readonly scripts: LoadedScript[] = [];

  constructor(ids: ReadonlySet<string>) {
    this.#ids = ids;
  }

  add(script: ScriptParsed): void {
    if (this.#ids.has(String(script.scriptId))) this.scripts.push(loaded(script));
  }
}

function hasPath(url: string): boolean {
  return /^(?:file:|\/|[A-Za-z]:[\\/])/.test(url);
}
