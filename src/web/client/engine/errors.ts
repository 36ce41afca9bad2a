import { EngineError } from "./engine.js";

/**
 * The names of the errors whose message is for the user: what is wrong with the profile, with
 * the request, or with what was asked of the engine.
 */
const FOR_USERS = ["ProfileError", "RequestError", "EngineError"];

/** What can be said of anything that was thrown while an answer was made, in one line. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return fault(String(error));
  if (error instanceof EngineError || FOR_USERS.includes(error.name)) return oneLine(error.message);
  // Reports say in plain Errors that there is nothing to report on.
  if (error.constructor === Error) return oneLine(error.message);
  if (error instanceof RangeError) {
    return `this profile is too large for the browser: ${oneLine(error.message)}`;
  }
  return fault(`${error.name}: ${error.message}`);
}

function fault(reason: string): string {
  return `this is a fault of tsprof, not of yours: ${oneLine(reason)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
