import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Command,
  commandFile,
  listensFile,
  PLAN_VARIABLE,
  type Plan,
  receivedFile,
} from "./plan.js";
import { isAlive, statOf } from "./process-tree.js";
import { type RecordedThread, recordedThreads } from "./recording.js";
import { writeText } from "./whole-file.js";

export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly plan: Plan;
  /** The script to preload into every Node process. */
  readonly preload: string;
  /** The time after which the program gets SIGTERM; 0 for never. */
  readonly seconds: number;
  readonly warn: (line: string) => void;
}

export interface RunEnd {
  /** As in a shell: 128 plus the signal's number if a signal ended the program. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | undefined;
  /** Whether the program got SIGTERM because its time was up. */
  readonly timeIsUp: boolean;
  /** The processes that got the command to write their profiles, and to continue. */
  readonly continuing: ReadonlySet<number>;
}

/** How long to wait after a signal until a process counts as busy. */
const SIGNAL_TIMEOUT_MS = 1500;

/** How long to wait for a busy process to write its profile before it is killed. */
const WRITE_TIMEOUT_MS = 5000;

/** How long to wait for the processes that the program has left behind. */
const OTHERS_TIMEOUT_MS = 5000;

/** How long tsprof waits before it prints that it does. */
const SILENT_WAIT_MS = 1000;

/** How long to wait for the profiles of processes that continue. */
const COLLECT_TIMEOUT_MS = 2000;

/** The time between the end of the program and signals to the processes that it has left behind. */
const LEFT_BEHIND_MS = 200;

const POLL_MS = 50;

/** Signals that ask a program to end. After the second, tsprof does not wait for it any longer. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === "win32" ? ENDING : [...ENDING, "SIGUSR2"];

/**
 * Runs a program with the standard streams of this process, until it and the processes that it
 * started end. Collects the profiles of processes that continue. Passes signals on, except those
 * that the terminal has sent to the program already. Rejects with the system's error if the program
 * cannot be started.
 */
export function runRecorded(request: RunRequest): Promise<RunEnd> {
  return new Run(request).end();
}

class Run {
  readonly #request: RunRequest;
  readonly #hadTerminal = hasTerminal();
  readonly #timers: NodeJS.Timeout[] = [];
  #pid = 0;
  #send: (signal: NodeJS.Signals) => void = () => {};
  #exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  /** The signal that asked the program to end. */
  #ending: NodeJS.Signals | undefined;
  /** Whether the terminal has sent that signal to all processes of its foreground. */
  #isFromTerminal = false;
  /** Aborted by the second signal that asks the program to end. */
  readonly #waiting = new AbortController();
  #timeIsUp = false;
  /** Processes that the program has left behind, each with a signal that they have got. */
  readonly #signalled = new Set<string>();

  constructor(request: RunRequest) {
    this.#request = request;
  }

  async end(): Promise<RunEnd> {
    const { command, args, plan, preload, seconds } = this.#request;
    const env = {
      ...process.env,
      NODE_OPTIONS: withPreload(process.env.NODE_OPTIONS, preload),
      [PLAN_VARIABLE]: JSON.stringify(plan),
    };
    const child = spawn(command, args, { stdio: "inherit", env });
    this.#pid = child.pid ?? 0;
    this.#send = (signal) => {
      child.kill(signal);
    };
    const onSignal = (signal: NodeJS.Signals) => this.#onSignal(signal);
    for (const signal of SIGNALS) process.on(signal, onSignal);
    let continuing: ReadonlySet<number>;
    try {
      const exited = new Promise<void>((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", (code, signal) => {
          this.#exit = { code, signal };
          resolve();
        });
      });
      if (seconds > 0) this.#later(seconds * 1000, () => this.#endByTime());
      await Promise.race([exited, once(this.#waiting.signal)]);
      if (this.#exit) await this.#waitForOthers();
      continuing = await this.#collect();
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, onSignal);
      child.unref();
    }
    const { code = null, signal = this.#ending ?? null } = this.#exit ?? {};
    return {
      exitCode: code ?? 128 + (signal ? os.constants.signals[signal] : 0),
      signal: signal ?? undefined,
      timeIsUp: this.#timeIsUp,
      continuing,
    };
  }

  #later(ms: number, work: () => void): void {
    this.#timers.push(setTimeout(work, ms).unref());
  }

  #endByTime(): void {
    this.#timeIsUp = true;
    this.#ending ??= "SIGTERM";
    this.#send("SIGTERM");
    this.#later(SIGNAL_TIMEOUT_MS, () => this.#endBusy("SIGTERM"));
  }

  #onSignal(signal: NodeJS.Signals): void {
    const isFromTerminal = this.#isSentByTerminal(signal);
    if (this.#exit) this.#sendToOthers(signal, isFromTerminal);
    else if (!isFromTerminal) this.#send(signal);
    this.#later(SIGNAL_TIMEOUT_MS, () => this.#endBusy(signal));
    if (!ENDING.some((one) => one === signal)) return;
    if (this.#ending) {
      // The program may end now, as many programs do after a second signal.
      this.#later(LEFT_BEHIND_MS, () => this.#waiting.abort());
      return;
    }
    this.#ending = signal;
    this.#isFromTerminal = isFromTerminal;
    if (this.#exit) return;
    this.#later(SILENT_WAIT_MS + SIGNAL_TIMEOUT_MS, () => {
      if (this.#exit) return;
      const { command, warn } = this.#request;
      warn(`waiting for ${path.basename(command)} to end; ${this.#again()} stops recording`);
    });
  }

  #again(): string {
    return this.#ending === "SIGINT" || !this.#ending ? "Ctrl-C" : `a second ${this.#ending}`;
  }

  #isSentByTerminal(signal: NodeJS.Signals): boolean {
    if (signal === "SIGTERM" || signal === "SIGUSR2") return false;
    // A terminal that was closed has sent SIGHUP before.
    if (signal === "SIGHUP") return this.#hadTerminal && !hasTerminal();
    return isForeground();
  }

  /** The threads of the processes that run, and have not written their last samples. */
  #open(): RecordedThread[] {
    return recordedThreads(this.#request.plan.folder).filter(
      (thread) => !thread.hasEnded && isAlive(thread.process),
    );
  }

  #openMains(): RecordedThread[] {
    return this.#open().filter(({ thread }) => thread === "main");
  }

  /** Ends processes that have no listener for a signal, but are too busy to end by it. */
  #endBusy(signal: NodeJS.Signals): void {
    const busy = this.#openMains().filter(
      ({ pid }) => this.#hasSignal(pid, signal) && !this.#has(listensFile(pid, signal)),
    );
    for (const { pid } of busy) this.#command(pid, signal);
    if (busy.length === 0) return;
    this.#later(WRITE_TIMEOUT_MS, () => {
      // Without tsprof, the signal would have ended them, so they must end now.
      for (const { process } of busy) if (isAlive(process)) kill(process.pid, "SIGKILL");
    });
  }

  /** Returns whether a process must have got a signal by now, even if it could not handle it. */
  #hasSignal(pid: number, signal: NodeJS.Signals): boolean {
    if (pid === this.#pid || this.#signalled.has(`${pid} ${signal}`)) return true;
    return this.#isFromTerminal && statOf(pid, "group") === statOf("self", "group");
  }

  /** Sends a signal to the processes of this session that have not received it yet. */
  #sendToOthers(signal: NodeJS.Signals, isFromTerminal: boolean): void {
    for (const { pid } of this.#openMains()) {
      if (isDetached(pid) || this.#has(receivedFile(pid, signal))) continue;
      this.#signalled.add(`${pid} ${signal}`);
      if (isFromTerminal && statOf(pid, "group") === statOf("self", "group")) continue;
      kill(pid, signal);
    }
  }

  /** Waits until the processes that the program has left behind end. Passes on its last signal. */
  async #waitForOthers(): Promise<void> {
    const others = () => this.#openMains().filter(({ pid }) => !isDetached(pid));
    const start = Date.now();
    let isForwarded = false;
    let isAnnounced = false;
    for (let left = others(); left.length > 0; left = others()) {
      const waited = Date.now() - start;
      if (waited > OTHERS_TIMEOUT_MS || this.#waiting.signal.aborted) return;
      if (this.#ending && !isForwarded && waited > LEFT_BEHIND_MS) {
        isForwarded = true;
        const signal = this.#ending;
        this.#sendToOthers(signal, this.#isFromTerminal);
        this.#later(SIGNAL_TIMEOUT_MS, () => this.#endBusy(signal));
      }
      if (!isAnnounced && waited > SILENT_WAIT_MS) {
        isAnnounced = true;
        const [{ pid, program }, ...more] = left;
        const names = `${program} (pid ${pid})${more.length > 0 ? ` and ${more.length} more` : ""}`;
        const seconds = OTHERS_TIMEOUT_MS / 1000;
        this.#request.warn(
          `waiting up to ${seconds} s for ${names} to end; ${this.#again()} stops recording`,
        );
      }
      await sleep(POLL_MS, undefined, { signal: this.#waiting.signal }).catch(() => {});
    }
  }

  /** Makes all processes that still run write their profiles. They continue without recording. */
  async #collect(): Promise<ReadonlySet<number>> {
    const pids = this.#openMains().map(({ pid }) => pid);
    for (const pid of pids) this.#command(pid, "stop");
    const end = Date.now() + COLLECT_TIMEOUT_MS;
    while (this.#open().length > 0 && Date.now() < end) await sleep(POLL_MS);
    return new Set(pids);
  }

  #command(pid: number, command: Command): void {
    writeText(path.join(this.#request.plan.folder, commandFile(pid)), command);
  }

  #has(name: string): boolean {
    return existsSync(path.join(this.#request.plan.folder, name));
  }
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** Returns whether a process has left this session, as daemons do. */
function isDetached(pid: number): boolean {
  const session = statOf(pid, "session");
  return session !== undefined && session !== statOf("self", "session");
}

/** Adds a file to preload to Node's options. */
export function withPreload(options: string | undefined, file: string): string {
  const quoted = `"${file.replace(/[\\"]/g, "\\$&")}"`;
  return [`--require ${quoted}`, options ?? ""].join(" ").trim();
}

function hasTerminal(): boolean {
  const terminal = statOf("self", "terminal");
  return terminal === undefined ? process.stderr.isTTY : terminal !== "0";
}

/** Returns whether the terminal sends its signals to this process, and so to the program, too. */
function isForeground(): boolean {
  const group = statOf("self", "group");
  if (group === undefined) return process.stdin.isTTY || process.stderr.isTTY;
  return group === statOf("self", "foreground");
}
