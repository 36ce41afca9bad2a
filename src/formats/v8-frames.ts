import { anonymousName, scriptFile } from "../profile/script-names.js";
import type { JsonInput } from "./json.js";
import type { ScriptFrame, ScriptFrames } from "./script-frames.js";

/** V8's name for the root of stacks and for time outside of functions. */
export const V8_ROOT = "(root)";

/** V8's name for waiting for events. */
export const V8_IDLE = "(idle)";

/**
 * Returns the frame of V8's `callFrame`, whose lines and columns count from 0, with -1 for none.
 * URLs of files become paths, and functions without a name are named after their position.
 */
export function v8Frame(json: JsonInput, frames: ScriptFrames, callFrame: unknown): ScriptFrame {
  const { functionName, url, lineNumber, columnNumber } = json.object(callFrame, "a callFrame");
  const file = scriptFile(json.text(url, "a url"));
  const startLine = Math.max(0, json.whole(lineNumber, "a lineNumber", -1) + 1);
  const startColumn = Math.max(0, json.whole(columnNumber, "a columnNumber", -1) + 1);
  const name =
    json.text(functionName, "a functionName") || anonymousName(file, startLine, startColumn);
  return frames.frame({ name, file, startLine, startColumn });
}

/** Tests whether a `callFrame` is the root, which is no function. */
export function isV8Root(json: JsonInput, callFrame: unknown): boolean {
  return json.object(callFrame, "a callFrame").functionName === V8_ROOT;
}

/** Tests whether a `callFrame` is a state of the engine, such as `(idle)`, and no function. */
export function isV8State(json: JsonInput, callFrame: unknown): boolean {
  const { functionName, url } = json.object(callFrame, "a callFrame");
  return typeof functionName === "string" && !url && STATES.includes(functionName);
}

const STATES = [V8_ROOT, V8_IDLE, "(program)", "(garbage collector)"];
