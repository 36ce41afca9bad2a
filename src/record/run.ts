import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { HOOK, listensFile, PLAN_VARIABLE, type Plan, threadFile } from "./plan.js";

/** How a program is run. */
export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly plan: Plan;
  /** The file that is loaded into every process of Node. */
  readonly preload: string;
  /** After so many seconds it is sent SIGTERM; 0 for never. */
  readonly seconds: number;
  /** Ends a process that is too busy to hear of a signal; resolves once it was told. */
  rescue(pid: number, expression: string): Promise<void>;
}

/** How it ended. */
export interface RunEnd {
  /** What a shell would make of it: 128 and the signal's number for those that a signal ended. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | undefined;
  /** Whether it was ended since the seconds had passed. */
  readonly timeIsUp: boolean;
}

/** How long a program may take to hear a signal before it is taken to be busy, in milliseconds. */
const HEARING = 1500;

/** How long a busy program may take to write its profile once it was told, in milliseconds. */
const WRITING = 5000;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/**
 * Runs a program to its end, with the streams of this process. Signals are its affair: they
 * are passed on, unless the terminal has sent them to it already. Rejects with the system's
 * error where it cannot be started.
 */
export function runRecorded(request: RunRequest): Promise<RunEnd> {
  const { command, args, plan, preload, seconds } = request;
  const env = {
    ...process.env,
    NODE_OPTIONS: withPreload(process.env.NODE_OPTIONS, preload),
    [PLAN_VARIABLE]: JSON.stringify(plan),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", env });
    const { pid = 0 } = child;
    const timers: NodeJS.Timeout[] = [];
    let timeIsUp = false;
    const later = (ms: number, work: () => void) => {
      timers.push(setTimeout(work, ms).unref());
    };
    const afterSignal = (signal: NodeJS.Signals) => {
      later(HEARING, () => {
        if (!isDeaf(plan.folder, pid, signal)) return;
        const call = `globalThis[Symbol.for(${JSON.stringify(HOOK)})](${JSON.stringify(signal)})`;
        request
          .rescue(pid, call)
          .catch(() => {})
          // As without us it would have ended long ago.
          .then(() => later(WRITING, () => child.kill("SIGKILL")));
      });
    };
    const onSignal = (signal: NodeJS.Signals) => {
      if (signal === "SIGTERM" || !isForeground()) child.kill(signal);
      afterSignal(signal);
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
    if (seconds > 0) {
      later(seconds * 1000, () => {
        timeIsUp = true;
        child.kill("SIGTERM");
        afterSignal("SIGTERM");
      });
    }
    const settle = () => {
      for (const timer of timers) clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, onSignal);
    };
    child.on("error", (error) => {
      settle();
      reject(error);
    });
    child.on("exit", (code, signal) => {
      settle();
      const exitCode = code ?? 128 + (signal ? os.constants.signals[signal] : 0);
      resolve({ exitCode, signal: signal ?? undefined, timeIsUp });
    });
  });
}

/** The options of Node with one more file to load first. */
export function withPreload(options: string | undefined, file: string): string {
  const quoted = `"${file.replace(/[\\"]/g, "\\$&")}"`;
  return [`--require ${quoted}`, options ?? ""].join(" ").trim();
}

/** Whether a process is recorded, does not listen to a signal, and has not ended by it. */
function isDeaf(folder: string, pid: number, signal: string): boolean {
  const has = (name: string) => existsSync(path.join(folder, name));
  const stem = threadFile(pid, 0);
  return has(`${stem}.started`) && !has(`${stem}.profile`) && !has(listensFile(pid, signal));
}

/** Whether the terminal sends its signals to this process, and so to the program, too. */
function isForeground(): boolean {
  try {
    // Behind the name, which may have blanks and parentheses: state ppid pgrp session tty tpgid.
    const stat = readFileSync("/proc/self/stat", "utf8");
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === foreground;
  } catch {
    return process.stdin.isTTY || process.stderr.isTTY;
  }
}
