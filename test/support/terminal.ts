import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ROOT } from "./proto.js";
import { TSPROF } from "./run.js";

export interface TerminalOptions {
  width?: number;
  height?: number;
  /** Assignments of variables before the command. */
  env?: string;
  /** Whether to keep escape sequences. */
  colours?: boolean;
}

/**
 * Runs command lines of tsprof in terminals of tmux. Returns a function that returns the screen
 * after a command line (in shell syntax) has ended.
 */
export function useTerminals(): (args: string, options?: TerminalOptions) => Promise<string> {
  /** The folder of a separate tmux server. */
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-tmux-"));
  const tmux = (...args: string[]) =>
    execFileSync("tmux", ["-S", path.join(folder, "socket"), "-f", "/dev/null", ...args], {
      encoding: "utf8",
      cwd: ROOT,
    });
  beforeAll(() => {
    tmux("new-session", "-d", "-s", "keep", "-x", "80", "-y", "24", "sleep 600");
  });
  afterAll(() => {
    tmux("kill-server");
    rmSync(folder, { recursive: true });
  });

  let sessions = 0;
  return async (args, { width = 80, height = 60, env = "", colours = false } = {}) => {
    const name = `test${sessions++}`;
    // The environment of the tests may have its own settings for colours.
    const command = `env -u CI -u FORCE_COLOR -u NO_COLOR ${env} ${process.execPath} ${TSPROF} ${args}; echo done-$?; sleep 600`;
    tmux("new-session", "-d", "-s", name, "-x", String(width), "-y", String(height), command);
    for (let i = 0; i < 200; i++) {
      const screen = tmux("capture-pane", "-p", ...(colours ? ["-e"] : []), "-t", name);
      const end = screen.indexOf("done-0");
      if (end >= 0) {
        tmux("kill-session", "-t", name);
        return screen.slice(0, end);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no end of ${args}`);
  };
}
