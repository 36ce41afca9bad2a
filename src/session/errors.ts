/** The command line asks for something that does not exist or makes no sense. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The user pressed Ctrl-C: there is nothing to report, and nothing went wrong. */
export class Interrupted extends Error {
  override name = "Interrupted";

  constructor() {
    super("interrupted");
  }
}

/**
 * Exit codes: the report could not be made, or the command line makes no sense, or what
 * shells make of a program that Ctrl-C has ended.
 */
const FAILED = 1;
export const MISUSED = 2;
const INTERRUPTED = 130;

/** The exit code for an error. Bundles have their own copies of the classes, so names decide. */
export function exitCodeOf(error: unknown): number {
  if (isInterrupt(error)) return INTERRUPTED;
  return error instanceof Error && error.name === "UsageError" ? MISUSED : FAILED;
}

export function isInterrupt(error: unknown): boolean {
  return error instanceof Error && error.name === "Interrupted";
}

/** What can be said in one line about anything that was thrown. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : SYSTEM_ERRORS[code];
  if (reason !== undefined) return path === undefined ? reason : `${path}: ${reason}`;
  if (code === undefined && isFromEngine(error)) return describeEngineError(error);
  return error.message.replace(/\s*\n\s*/g, " ");
}

/** Whether the engine threw it, rather than this program or the system: in words for programmers. */
function isFromEngine(error: Error): boolean {
  return ENGINE_ERRORS.includes(error.name);
}

const ENGINE_ERRORS = ["TypeError", "RangeError", "ReferenceError", "InternalError"];

/** What engines say where a text, a list or a stack grows beyond what they can hold. */
const TOO_LARGE = /invalid .*length|allocation failed|call stack|out of memory|too much recursion/i;

function describeEngineError(error: Error): string {
  return TOO_LARGE.test(error.message)
    ? "the report needs more memory than there is; take less of the profile (-focus, -nodecount)"
    : "tsprof made a mistake; run it with TSPROF_DEBUG=1 and report what it shows";
}

const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: "no such file or directory",
  EISDIR: "is a directory",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EMFILE: "too many open files",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than allowed",
  EIO: "the device reports an error",
  EBUSY: "in use by another program",
  ETXTBSY: "in use as a program",
  EROFS: "the file system is read-only",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};
