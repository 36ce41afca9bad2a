import { isUserError } from "../../errors/user-error.js";
import { EngineError } from "./engine.js";

/**
 * Describes anything that was thrown while an answer was made, in one line for the user. Text of
 * the JavaScript engine is about the code of tsprof: it goes to the console.
 */
export function explain(error: unknown): string {
  if (error instanceof EngineError || isUserError(error)) return oneLine(error.message);
  console.error(error);
  if (error instanceof RangeError) return "this profile is too large for the browser";
  const kind = error instanceof Error ? error.name : typeof error;
  return `internal error (${kind}), a fault of tsprof: please report it with what the console shows`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
