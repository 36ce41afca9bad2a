import { type UserErrorCode, userErrorCode } from "../errors/user-error.js";

/** The exit codes of tsprof. docs/ci.md documents them. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** The command line is wrong. */
  misused: 2,
  /** A rule of `diff -fail_on` is broken. */
  ruleBroken: 3,
  /** A rule or a filter of `diff -fail_on` matches nothing, so that it tested nothing. */
  ruleUnmatched: 4,
  /** The code that shells use for a program ended by Ctrl-C. */
  interrupted: 130,
} as const;

const BY_CODE: Record<UserErrorCode, number> = {
  usage: EXIT.misused,
  failed: EXIT.failed,
  limit: EXIT.failed,
  interrupted: EXIT.interrupted,
};

export function exitCodeOf(error: unknown): number {
  const code = userErrorCode(error);
  return code === undefined ? EXIT.failed : BY_CODE[code];
}
