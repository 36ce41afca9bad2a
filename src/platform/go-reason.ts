/** Returns Go's words for a system error, or Node's message if it has none. */
export function goReason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return GO_REASONS[code] ?? message;
}

const GO_REASONS: Record<string, string> = {
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  // Only `mkdir` fails with this code here: another kind of file has the name of the folder.
  EEXIST: "not a directory",
  EISDIR: "is a directory",
  EROFS: "read-only file system",
  ENOSPC: "no space left on device",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  EMFILE: "too many open files",
  ENFILE: "too many open files in system",
  EIO: "input/output error",
  ENXIO: "no such device or address",
  ENODEV: "no such device",
  // Node rejects names with a zero byte before the system sees them.
  ERR_INVALID_ARG_VALUE: "invalid argument",
};
