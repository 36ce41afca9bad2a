import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ROOT } from "./proto.js";

/** A program in a terminal of tmux, for tests that type into it. */
export interface LiveTerminal {
  /** Presses keys by their names in tmux, such as `Tab` and `C-c`; types other texts. */
  press(...keys: string[]): void;
  /** Sends a text in one piece, as if it was pasted. */
  paste(text: string): void;
  resize(width: number, height: number): void;
  /** Returns the visible lines, without empty lines at the end. */
  screen(): string;
  /** Returns the column and the row of the cursor, from 0. */
  cursor(): [number, number];
  /** Returns the window title that the program set last. */
  title(): string;
  /** Waits until the screen matches, and returns it. */
  shows(wanted: RegExp): Promise<string>;
}

/** Returns a function that runs a command line in a new terminal, for the tests of a file. */
export function useLiveTerminals(): (
  command: string,
  width?: number,
  height?: number,
) => LiveTerminal {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-tmux-"));
  const tmux = (args: readonly string[], input = "") =>
    execFileSync("tmux", ["-S", path.join(folder, "socket"), "-f", "/dev/null", ...args], {
      encoding: "utf8",
      cwd: ROOT,
      input,
    });
  beforeAll(() => {
    tmux(["new-session", "-d", "-s", "keep", "-x", "80", "-y", "24", "sleep 600"]);
  });
  afterAll(() => {
    tmux(["kill-server"]);
    rmSync(folder, { recursive: true });
  });

  let sessions = 0;
  return (command, width = 80, height = 24) => {
    const name = `test${sessions++}`;
    // Keep the screen after the program has ended.
    const lasting = `env -u CI -u FORCE_COLOR -u NO_COLOR ${command}; echo "done-$?"; sleep 600`;
    const size = ["-x", String(width), "-y", String(height)];
    tmux(["new-session", "-d", "-s", name, ...size, lasting]);
    const screen = () => tmux(["capture-pane", "-p", "-t", name]).trimEnd();
    return {
      press: (...keys) => {
        tmux(["send-keys", "-t", name, ...keys]);
      },
      paste: (text) => {
        tmux(["load-buffer", "-"], text);
        tmux(["paste-buffer", "-t", name]);
      },
      resize: (columns, rows) => {
        tmux(["resize-window", "-t", name, "-x", String(columns), "-y", String(rows)]);
      },
      screen,
      cursor: () => {
        const place = tmux(["display-message", "-p", "-t", name, "#{cursor_x} #{cursor_y}"]);
        const [column, row] = place.split(" ").map(Number);
        return [column, row];
      },
      title: () => tmux(["display-message", "-p", "-t", name, "#{pane_title}"]).trimEnd(),
      shows: async (wanted) => {
        let last = "";
        for (const end = performance.now() + 15_000; performance.now() < end; ) {
          last = screen();
          if (wanted.test(last)) return last;
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
        throw new Error(`not seen: ${wanted} in\n${JSON.stringify(last.split("\n"), null, 1)}`);
      },
    };
  };
}
