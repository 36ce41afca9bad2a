import { anonymousName, scriptFile } from "../../profile/script-names.js";
import type { JsonInput } from "../json.js";
import type { ScriptFrame, ScriptFrames } from "../script-frames.js";

/** V8's name for the root of stacks and for time outside of functions. */
export const V8_ROOT = "(root)";

const HERMES_ROOT = "[root]";

/** V8's name for waiting for events. */
export const V8_IDLE = "(idle)";

/** The number of the first line and column in call frames. V8 counts from 0, some writers from 1. */
export type FirstLine = 0 | 1;

/**
 * Returns the frame of V8's `callFrame`. Lines and columns before `firstLine` are unknown. URLs of files become paths, and functions without a name are named after their position.
 */
export function v8Frame(
  json: JsonInput,
  frames: ScriptFrames,
  callFrame: unknown,
  firstLine: FirstLine = 0,
): ScriptFrame {
  const { functionName, url, lineNumber, columnNumber } = json.object(callFrame, "a callFrame");
  const file = scriptFile(json.text(url, "a url"));
  const before = firstLine - 1;
  const startLine = Math.max(0, json.whole(lineNumber, "a lineNumber", before) - before);
  const startColumn = Math.max(0, json.whole(columnNumber, "a columnNumber", before) - before);
  const name =
    json.text(functionName, "a functionName") || anonymousName(file, startLine, startColumn);
  return frames.frame({ name, file, startLine, startColumn });
}

/**
 * Returns the frame of a `callFrame` that Hermes wrote for V8's tools, and the line that was running.
 * Hermes does not write where functions begin, and repeats the position in `functionName`.
 */
export function hermesFrame(
  json: JsonInput,
  frames: ScriptFrames,
  callFrame: unknown,
): { frame: ScriptFrame; line: number } {
  const { functionName, url, lineNumber, columnNumber } = json.object(callFrame, "a callFrame");
  const line = Math.max(0, json.whole(lineNumber, "a lineNumber", 0));
  const column = Math.max(0, json.whole(columnNumber, "a columnNumber", 0));
  const script = json.text(url, "a url");
  const full = json.text(functionName, "a functionName");
  const position = `(${script}:${line}:${column})`;
  const name = full.endsWith(position) ? full.slice(0, -position.length) : full;
  const file = NO_FILES.includes(script) ? "" : scriptFile(script);
  const frame = frames.frame({
    name: name || anonymousName(file, line, column),
    file,
    startLine: 0,
    startColumn: 0,
  });
  return { frame, line };
}

/** The URLs that Hermes writes for functions without a file. */
const NO_FILES = ["unknown", "[native]", "[host]", "[suspended]"];

/** Tests whether a `callFrame` is the root, which is no function. */
export function isV8Root(json: JsonInput, callFrame: unknown): boolean {
  return json.object(callFrame, "a callFrame").functionName === V8_ROOT;
}

/** Tests whether a `callFrame` is the root of a profile that Hermes wrote for V8's tools. */
export function isHermesRoot(json: JsonInput, callFrame: unknown): boolean {
  const { functionName, url } = json.object(callFrame, "a callFrame");
  return functionName === HERMES_ROOT && (url === HERMES_ROOT || !url);
}

/** Tests whether a `callFrame` is a state of the engine, such as `(idle)`, and no function. */
export function isV8State(json: JsonInput, callFrame: unknown): boolean {
  const { functionName, url } = json.object(callFrame, "a callFrame");
  return typeof functionName === "string" && !url && STATES.includes(functionName);
}

const STATES = [V8_ROOT, V8_IDLE, "(program)", "(garbage collector)"];
