/** A system error as Go words it. */
export function goReason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return GO_REASONS[code] ?? message;
}

const GO_REASONS: Record<string, string> = {
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  // Only mkdir is told so: there is something else where a folder is to be.
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
  // Names with a zero byte, which never reach the system.
  ERR_INVALID_ARG_VALUE: "invalid argument",
};
