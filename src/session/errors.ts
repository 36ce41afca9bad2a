import { isUserError, userErrorCode } from "../errors/user-error.js";
import { systemReason } from "../platform/system-reason.js";

/** Whether Ctrl-C stopped the work. */
export function isInterrupt(error: unknown): boolean {
  return userErrorCode(error) === "interrupted";
}

/** Describes anything that was thrown in one line for the user. */
export function describeError(error: unknown): string {
  return userMessage(error) ?? internalError(error);
}

/** Returns one line about an error that the user can fix; undefined for a fault of tsprof. */
export function userMessage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isUserError(error)) return error.message.replace(/\s*\n\s*/g, " ");
  if (isOutOfMemory(error)) {
    return "there is not enough memory for this; use a smaller profile, or show fewer nodes (-nodecount)";
  }
  const { syscall, path } = error as NodeJS.ErrnoException;
  const reason = systemReason(error);
  if (reason !== undefined) return path === undefined ? reason : `${path}: ${reason}`;
  return syscall === undefined ? undefined : error.message;
}

function internalError(error: unknown): string {
  const kind = error instanceof Error ? error.name : typeof error;
  return `internal error (${kind}), a fault of tsprof: please report it with what TSPROF_DEBUG=1 prints`;
}

/** Whether a buffer, an array or a string became larger than the engine allows. */
function isOutOfMemory(error: Error): boolean {
  if ((error as NodeJS.ErrnoException).code === "ERR_STRING_TOO_LONG") return true;
  return (
    error instanceof RangeError &&
    /call stack|allocation failed|^Invalid (string|array|typed array) length|^(Map|Set) maximum size|out of memory/i.test(
      error.message,
    )
  );
}
