import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { HOOK, listensFile, PLAN_VARIABLE, type Plan, threadFile } from "./plan.js";

export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly plan: Plan;
  /** The script to preload into every Node process. */
  readonly preload: string;
  /** The time after which the program gets SIGTERM; 0 for never. */
  readonly seconds: number;
  /** Evaluates an expression in a process that is too busy to handle a signal. */
  rescue(pid: number, expression: string): Promise<void>;
}

export interface RunEnd {
  /** As in a shell: 128 plus the signal's number if a signal ended the program. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | undefined;
  /** Whether the program got SIGTERM because its time was up. */
  readonly timeIsUp: boolean;
}

/** How long to wait after a signal until the program counts as busy. */
const SIGNAL_TIMEOUT_MS = 1500;

/** How long to wait for a busy program to write its profile before it is killed. */
const WRITE_TIMEOUT_MS = 5000;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/**
 * Runs a program until it ends, with the standard streams of this process. Passes signals on to
 * it, except those that the terminal has sent it already. Rejects with the system's error if it
 * cannot be started.
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
      later(SIGNAL_TIMEOUT_MS, () => {
        if (!ignoresSignal(plan.folder, pid, signal)) return;
        const call = `globalThis[Symbol.for(${JSON.stringify(HOOK)})](${JSON.stringify(signal)})`;
        request
          .rescue(pid, call)
          .catch(() => {})
          // Without tsprof, the signal would have ended the program, so it must end now.
          .then(() => later(WRITE_TIMEOUT_MS, () => child.kill("SIGKILL")));
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

/** Adds a file to preload to Node's options. */
export function withPreload(options: string | undefined, file: string): string {
  const quoted = `"${file.replace(/[\\"]/g, "\\$&")}"`;
  return [`--require ${quoted}`, options ?? ""].join(" ").trim();
}

/** Returns whether a recorded process has no listener for a signal, and yet has not ended by it. */
function ignoresSignal(folder: string, pid: number, signal: string): boolean {
  const has = (name: string) => existsSync(path.join(folder, name));
  const stem = threadFile(pid, 0);
  return has(`${stem}.started`) && !has(`${stem}.profile`) && !has(listensFile(pid, signal));
}

/** Returns whether the terminal sends its signals to this process, and so to the program, too. */
function isForeground(): boolean {
  try {
    // Skip the name, which may contain spaces and parentheses: state ppid pgrp session tty tpgid.
    const stat = readFileSync("/proc/self/stat", "utf8");
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === foreground;
  } catch {
    return process.stdin.isTTY || process.stderr.isTTY;
  }
}
