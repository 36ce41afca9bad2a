import { spawn } from "node:child_process";
import { commandWords } from "./command-words.js";

/** A program that shows files, as it is started: without a shell. */
export interface ViewerProgram {
  readonly command: string;
  /** The file stands in the place of `%s`; where there is none, behind the last one. */
  readonly args: readonly string[];
  /** Whether it can do without a display, as far as is known. */
  readonly anywhere?: true;
  /** For Windows: the arguments are a command line that is quoted already. */
  readonly verbatim?: true;
}

/** What programs are chosen by. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/** How it went: a program that is not there is missing. */
export type ViewerStart =
  | { readonly outcome: "started" | "missing" }
  | { readonly outcome: "failed"; readonly why: string };

/**
 * How long a program may take to fail. Many only tell another program what to show, and
 * end at once; those that go on have made it.
 */
const PATIENCE_MS = 1000;

/**
 * Starts a program that shows `file`, an absolute path, and outlives this one. It has
 * neither input nor output: what it says would end up in the midst of something else.
 */
export function startViewer(program: ViewerProgram, file: string): Promise<ViewerStart> {
  const { command, args, verbatim = false } = program;
  const given = args.map((arg) => arg.replaceAll("%s", () => file));
  if (!args.some((arg) => arg.includes("%s"))) given.push(file);
  return new Promise((resolve) => {
    const viewer = spawn(command, given, {
      detached: true,
      stdio: "ignore",
      windowsVerbatimArguments: verbatim,
    });
    const patience = setTimeout(() => finish({ outcome: "started" }), PATIENCE_MS);
    const finish = (start: ViewerStart) => {
      clearTimeout(patience);
      viewer.unref();
      resolve(start);
    };
    viewer.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") finish({ outcome: "missing" });
      else finish({ outcome: "failed", why: `${command} cannot be started (${error.code})` });
    });
    viewer.on("exit", (code, signal) => {
      if (code === 0) finish({ outcome: "started" });
      else
        finish({ outcome: "failed", why: `${command} ended with ${signal ?? `status ${code}`}` });
    });
  });
}

/** Whether there is something to show windows on. */
export function hasDisplay({ platform, env }: Desktop): boolean {
  if (platform === "darwin" || platform === "win32") return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * The browsers to try, in this order: those of the variable BROWSER, and what the system
 * has. On Linux xdg-open comes last, as in pprof, since for images it starts a program for
 * images, and reports have scripts.
 */
export function browsers({ platform, env }: Desktop): ViewerProgram[] {
  return [...wantedBrowsers(env.BROWSER ?? "", platform), ...systemBrowsers(platform)];
}

/** By convention BROWSER is a list like PATH, of commands that may have arguments. */
function wantedBrowsers(list: string, platform: NodeJS.Platform): ViewerProgram[] {
  return list.split(platform === "win32" ? ";" : ":").flatMap((entry) => {
    const [command = "", ...args] = commandWords(entry);
    return command === "" ? [] : [{ command, args, anywhere: true as const }];
  });
}

const LINUX_BROWSERS = [
  "chrome",
  "google-chrome",
  "chromium",
  "firefox",
  "sensible-browser",
  "xdg-open",
];

function systemBrowsers(platform: NodeJS.Platform): ViewerProgram[] {
  switch (platform) {
    case "darwin":
      return [{ command: "/usr/bin/open", args: [] }];
    case "win32":
      // The first of what is quoted would be the title of a window.
      return [{ command: "cmd", args: ["/d", "/s", "/c", '"start "" "%s""'], verbatim: true }];
    default:
      return LINUX_BROWSERS.map((command) => ({ command, args: [] }));
  }
}
