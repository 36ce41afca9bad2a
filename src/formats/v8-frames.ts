import { anonymousName, scriptFile } from "../profile/script-names.js";
import type { JsonInput } from "./json.js";
import type { ScriptFrame, ScriptFrames } from "./script-frames.js";

/** V8 says so of what runs no function of a script; the rest of a stack is below it. */
export const V8_ROOT = "(root)";

/** V8 says so of a thread that waits for events. */
export const V8_IDLE = "(idle)";

/**
 * The frame of V8's `callFrame`: lines and columns count from 0 there, and -1 is none. Files
 * are paths where V8 has URLs of them, and what has no name is named by where it stands.
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

/** Whether a `callFrame` is that of the root, which is no function. */
export function isV8Root(json: JsonInput, callFrame: unknown): boolean {
  return json.object(callFrame, "a callFrame").functionName === V8_ROOT;
}

/** Whether a `callFrame` is a state of the engine rather than a function, such as `(idle)`. */
export function isV8State(json: JsonInput, callFrame: unknown): boolean {
  const { functionName, url } = json.object(callFrame, "a callFrame");
  return typeof functionName === "string" && !url && STATES.includes(functionName);
}

const STATES = [V8_ROOT, V8_IDLE, "(program)", "(garbage collector)"];
