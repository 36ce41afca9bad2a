import { EngineError } from "./engine.js";

/**
 * The names of the errors whose message is for the user: what is wrong with the profile, with
 * the request, or with what was asked of the engine.
 */
const FOR_USERS = ["ProfileError", "RequestError", "EngineError"];

/**
 * Describes anything that was thrown while an answer was made, in one line for the user. Text of
 * the JavaScript engine is about the code of tsprof: it goes to the console.
 */
export function explain(error: unknown): string {
  if (error instanceof EngineError) return oneLine(error.message);
  // Reports say in plain Errors that there is nothing to report on.
  if (error instanceof Error && (FOR_USERS.includes(error.name) || error.constructor === Error)) {
    return oneLine(error.message);
  }
  console.error(error);
  if (error instanceof RangeError) return "this profile is too large for the browser";
  const kind = error instanceof Error ? error.name : typeof error;
  return `internal error (${kind}), a fault of tsprof: please report it with what the console shows`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
