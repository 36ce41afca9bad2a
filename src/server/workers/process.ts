import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import type { FromWorker, ToWorker } from "./messages.js";

/** A process gets this long to end by SIGINT, and to end the tools it started, before SIGKILL. */
const GRACE_MS = 100;

/**
 * The niceness of processes for slow reports: they get about a third of the time that others
 * get, and do not starve on a machine with much else to do.
 */
const SLOW_NICENESS = 5;

/** What the owner of a process hears of it. */
export interface ProcessEvents {
  onMessage(message: FromWorker): void;
  /** The process has ended, in whatever way. */
  onExit(): void;
}

/** How a process of {@link ReportProcess} is started. */
export interface ProcessSettings {
  /** The script of the worker. */
  readonly script: string;
  /**
   * Whether it reads the sources: it has standard input then if one of them is `-`, and
   * standard error.
   */
  readonly reads?: { readonly stdin: boolean };
}

/**
 * A process that makes reports. It is a process and not a thread so that it can be ended in
 * whatever it does: blocked in a system call, out of memory, or in code that never returns.
 */
export class ReportProcess {
  readonly #child: ChildProcess;
  #hasExited = false;

  constructor({ script, reads }: ProcessSettings, { onMessage, onExit }: ProcessEvents) {
    this.#child = fork(script, [], {
      // In a group of its own: Ctrl-C is for the server alone, which then ends all of the group.
      detached: process.platform !== "win32",
      serialization: "advanced",
      stdio: [
        reads?.stdin ? "inherit" : "ignore",
        "ignore",
        reads ? "inherit" : "ignore",
        "ipc",
        // The lifeline.
        "pipe",
      ],
      execArgv: [...process.execArgv.filter((arg) => !arg.startsWith("--inspect")), "--expose-gc"],
    });
    this.#child.on("message", (message: FromWorker) => {
      if (!this.#hasExited) onMessage(message);
    });
    const exit = () => {
      if (this.#hasExited) return;
      this.#hasExited = true;
      onExit();
    };
    this.#child.on("error", exit);
    this.#child.on("exit", exit);
  }

  /** Sends a message; resolves when it is on its way, or the process has ended. */
  send(message: ToWorker): Promise<void> {
    return new Promise((resolve) => {
      if (this.#hasExited || !this.#child.connected) resolve();
      else this.#child.send(message, () => resolve());
    });
  }

  /** Gives other processes precedence from now on. */
  yieldToOthers(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      setPriority(pid, SLOW_NICENESS);
    } catch {
      // The process has ended, or the system does not let us.
    }
  }

  /** Ends the process and all that it started; resolves when it has ended. */
  async end(): Promise<void> {
    if (this.#hasExited) return;
    const exited = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#signal("SIGINT");
    const timer = setTimeout(() => this.#signal("SIGKILL"), GRACE_MS);
    await exited;
    clearTimeout(timer);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // All of the group have ended.
    }
  }
}
