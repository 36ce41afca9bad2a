import { isUserError } from "../../errors/user-error.js";
import { EngineError } from "./engine.js";

/** Describes an error in one line for users. Texts of the JavaScript engine go to the console. */
export function explain(error: unknown): string {
  if (error instanceof EngineError || isUserError(error)) return oneLine(error.message);
  console.error(error);
  if (error instanceof RangeError) return "this profile is too large for the browser";
  const kind = error instanceof Error ? error.name : typeof error;
  return `internal error of tsprof (${kind}): please report it with the text in the browser console`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
