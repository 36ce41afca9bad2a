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

/**
 * Describes anything that was thrown in one line for the user. Text of the JavaScript engine is
 * not repeated: it is about the code of tsprof, and TSPROF_DEBUG shows it with the stack.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return internalError(typeof error);
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : SYSTEM_ERRORS[code];
  if (reason !== undefined) return path === undefined ? reason : `${path}: ${reason}`;
  if (isOutOfMemory(error)) {
    return "there is not enough memory for this; take a smaller profile, or fewer nodes (-nodecount)";
  }
  if (ENGINE_ERRORS.has(error.name)) return internalError(error.name);
  return error.message.replace(/\s*\n\s*/g, " ");
}

function internalError(kind: string): string {
  return `internal error (${kind}), a fault of tsprof: please report it with what TSPROF_DEBUG=1 prints`;
}

/**
 * The names of errors that the engine and WebAssembly throw where code is wrong. None of
 * tsprof's own errors has such a name.
 */
const ENGINE_ERRORS: ReadonlySet<string> = new Set([
  "TypeError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "EvalError",
  "URIError",
  "AggregateError",
  "AssertionError",
  "RuntimeError",
  "CompileError",
  "LinkError",
]);

/** Whether a buffer, an array or a string became larger than the engine allows. */
function isOutOfMemory(error: Error): boolean {
  if ((error as NodeJS.ErrnoException).code === "ERR_STRING_TOO_LONG") return true;
  return (
    error.name === "RangeError" &&
    /call stack|allocation failed|^Invalid (string|array|typed array) length|^(Map|Set) maximum size|out of memory/i.test(
      error.message,
    )
  );
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
