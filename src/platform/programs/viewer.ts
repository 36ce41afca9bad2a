import { spawn } from "node:child_process";
import { commandWords } from "./command-words.js";

export interface ViewerProgram {
  readonly command: string;
  /** The file replaces each `%s`; without any, it becomes the last argument. */
  readonly args: readonly string[];
  /** Whether to try the program without a display, too. */
  readonly anywhere?: true;
  /** For Windows: the arguments form a command line that is quoted already. */
  readonly verbatim?: true;
}

/** The environment that viewers are chosen for. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/** The outcome of starting a viewer; `missing` if the program does not exist. */
export type ViewerStart =
  | { readonly outcome: "started" | "missing" }
  | { readonly outcome: "failed"; readonly why: string };

/** How long to watch a viewer for failure. Many pass the file to another program and exit. */
const START_TIMEOUT_MS = 1000;

/**
 * Starts a program that shows `file`, an absolute path. The program may outlive this one. It has no
 * standard streams, because its output would mix with tsprof's.
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
    const timer = setTimeout(() => finish({ outcome: "started" }), START_TIMEOUT_MS);
    const finish = (start: ViewerStart) => {
      clearTimeout(timer);
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

/** Returns whether programs can open windows. */
export function hasDisplay({ platform, env }: Desktop): boolean {
  if (platform === "darwin" || platform === "win32") return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Returns the browsers to try: those in the variable BROWSER, then the usual ones. On Linux
 * xdg-open is last, as in pprof: it opens SVG files in an image viewer, without their scripts.
 */
export function browsers({ platform, env }: Desktop): ViewerProgram[] {
  return [...wantedBrowsers(env.BROWSER ?? "", platform), ...systemBrowsers(platform)];
}

/** BROWSER is by convention a list of commands with arguments, separated as in PATH. */
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
      // `start` takes its first quoted argument as the title of a window.
      return [{ command: "cmd", args: ["/d", "/s", "/c", '"start "" "%s""'], verbatim: true }];
    default:
      return LINUX_BROWSERS.map((command) => ({ command, args: [] }));
  }
}
