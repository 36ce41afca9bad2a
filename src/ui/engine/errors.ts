import { EngineError } from "./engine.js";

/** Names of the errors whose message is meant for the user. */
const FOR_USERS = ["ProfileError", "RequestError", "EngineError"];

/**
 * Describes anything that was thrown, in one line for the user. Messages of the JavaScript engine
 * go to the console instead.
 */
export function explain(error: unknown): string {
  if (error instanceof EngineError) return oneLine(error.message);
  // Reports throw plain Errors when there is nothing to report on.
  if (error instanceof Error && (FOR_USERS.includes(error.name) || error.constructor === Error)) {
    return oneLine(error.message);
  }
  console.error(error);
  if (error instanceof RangeError) return "this profile is too large for the browser";
  const kind = error instanceof Error ? error.name : typeof error;
  return `internal error of tsprof (${kind}): please report it with the text in the browser console`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
