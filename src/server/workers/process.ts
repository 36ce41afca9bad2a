import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import type { FromWorker, ToWorker } from "./messages.js";

/** The time between SIGINT and SIGKILL, in which a process can end the tools that it started. */
const GRACE_MS = 100;

/**
 * The niceness of slow reports. They get about a third of the processor time of others, but do not
 * starve on a busy machine.
 */
const SLOW_NICENESS = 5;

export interface ProcessEvents {
  onMessage(message: FromWorker): void;
  /** The process has ended, for any reason. */
  onExit(): void;
}

export interface ProcessSettings {
  /** The script of the worker. */
  readonly script: string;
  /** Set if the process reads the sources. It then gets standard error, and standard input for `-`. */
  readonly reads?: { readonly stdin: boolean };
}

/**
 * A process that makes reports. Unlike a thread, a process can always be ended: in a blocking
 * system call, when memory runs out, or in code that never returns.
 */
export class ReportProcess {
  readonly #child: ChildProcess;
  #hasExited = false;

  constructor({ script, reads }: ProcessSettings, { onMessage, onExit }: ProcessEvents) {
    this.#child = fork(script, [], {
      // A process group of its own: Ctrl-C reaches only the server, which then ends the group.
      detached: process.platform !== "win32",
      serialization: "advanced",
      stdio: [
        reads?.stdin ? "inherit" : "ignore",
        "ignore",
        reads ? "inherit" : "ignore",
        "ipc",
        // See LIFELINE.
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

  /** Sends a message; resolves when it has been sent, or the process has ended. */
  send(message: ToWorker): Promise<void> {
    return new Promise((resolve) => {
      if (this.#hasExited || !this.#child.connected) resolve();
      else this.#child.send(message, () => resolve());
    });
  }

  /** Lowers the priority of the process. */
  yieldToOthers(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      setPriority(pid, SLOW_NICENESS);
    } catch {
      // The process has ended, or the system does not allow it.
    }
  }

  /** Ends the process and all its children; resolves when it has ended. */
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
      // The whole group has ended.
    }
  }
}
