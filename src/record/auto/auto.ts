/**
 * `tsprof/auto`: runs in every thread of a program before its own code, and makes the process profile
 * itself as environment variables say (settings.ts). Errors here must not affect the program.
 */
import { getEnvironmentData, isMainThread, workerData } from "node:worker_threads";
import { isUserError } from "../../errors/user-error.js";
import { PLAN_VARIABLE } from "../plan.js";
import { WATCHER_KEY } from "../start-watcher.js";
import { attempt } from "../whole-file.js";
import { AutoProcess, FOLDER_KEY } from "./auto-process.js";
import type { AutoWatch } from "./auto-protocol.js";
import { watchProcess } from "./auto-watcher.js";
import { profileWorker } from "./auto-worker.js";
import { printLine } from "./print-line.js";
import { type AutoSettings, autoSettings } from "./settings.js";

/** The global symbol that exists once this module has run: it may be preloaded twice. */
const LOADED = Symbol.for("tsprof.auto");

/** Returns the settings; undefined if there is nothing to do, or a line says why that is impossible. */
function settings(): AutoSettings | undefined {
  // `tsprof record` profiles this process.
  if (process.env[PLAN_VARIABLE] !== undefined) return undefined;
  try {
    return autoSettings(process.env);
  } catch (error) {
    if (isUserError(error)) printLine(`${error.message}; the program is not profiled`);
    return undefined;
  }
}

function load(): void {
  if (Reflect.has(globalThis, LOADED)) return;
  Object.defineProperty(globalThis, LOADED, { value: true });
  const watch: AutoWatch | undefined = isMainThread ? undefined : workerData?.[WATCHER_KEY];
  if (watch) {
    watchProcess(watch);
  } else if (isMainThread) {
    const found = settings();
    if (found) AutoProcess.begin(found);
  } else {
    const folder = getEnvironmentData(FOLDER_KEY);
    if (typeof folder === "string") profileWorker(folder);
  }
}

attempt(load);
