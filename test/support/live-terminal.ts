import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ROOT } from "./proto.js";

/** A program in a terminal of tmux, to be typed at. */
export interface LiveTerminal {
  /** Presses keys, by their names in tmux: `Tab`, `C-c`; other texts are typed as they are. */
  press(...keys: string[]): void;
  /** Sends a text at once; its lines end as they do when they are pasted. */
  paste(text: string): void;
  resize(width: number, height: number): void;
  /** The lines that are shown, without the empty ones at the end. */
  screen(): string;
  /** In which column and row the cursor is, from 0. */
  cursor(): [number, number];
  /** The title that the program has last given to it. */
  title(): string;
  /** The screen as soon as it matches. */
  shows(wanted: RegExp): Promise<string>;
}

/** Terminals for the tests of a file. Returns a function that opens one on a command line. */
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
    // What was shown stays when the program has ended.
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
