/** Returns an error of the operating system in Go's words, and the message of any other error. */
export function goReason(error: unknown): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  // Node refuses names with a zero byte before they reach the system.
  if (code === "ERR_INVALID_ARG_VALUE") return "invalid argument";
  // There is a file where mkdir needs a folder.
  if (code === "EEXIST" && syscall === "mkdir") return GO_REASONS.ENOTDIR;
  return systemReason(error) ?? message;
}

/** Returns an error of the operating system in Go's words, and undefined for any other error. */
export function systemReason(error: unknown): string | undefined {
  return GO_REASONS[(error as NodeJS.ErrnoException).code ?? ""];
}

/** pprof prints these texts, so tsprof uses them everywhere. */
const GO_REASONS: Record<string, string> = {
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  EISDIR: "is a directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
  ENOSPC: "no space left on device",
  EDQUOT: "disk quota exceeded",
  EFBIG: "file too large",
  EBUSY: "device or resource busy",
  ETXTBSY: "text file busy",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  EMFILE: "too many open files",
  ENFILE: "too many open files in system",
  EIO: "input/output error",
  ENXIO: "no such device or address",
  ENODEV: "no such device",
};
