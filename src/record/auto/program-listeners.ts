import { wallMicros } from "../thread-profiler.js";
import { ENDING_SIGNALS, LISTENS } from "./auto-protocol.js";

/** How much earlier the program may have got a signal than the watcher, on a busy machine. */
const TOLERANCE_MICROS = 2_000_000;

/** Follows which signals the program itself listens to. */
export class ProgramListeners {
  readonly #flags: Int32Array;
  /** The wall-clock time in microseconds at which a listener of a signal was last removed. */
  readonly #removedAt = new Map<string, number>();

  constructor(flags: Int32Array) {
    this.#flags = flags;
    for (const signal of ENDING_SIGNALS) this.#update(signal, process.listenerCount(signal) > 0);
    process.on("newListener", (name) => this.#update(name, true));
    process.on("removeListener", (name) => {
      if (typeof name !== "string") return;
      if (ENDING_SIGNALS.some((signal) => signal === name)) this.#removedAt.set(name, wallMicros());
      this.#update(name, process.listenerCount(name) > 0);
    });
  }

  /** Returns whether the program handles a signal that arrived at some time. */
  handles(signal: NodeJS.Signals, timeMicros: number): boolean {
    if (process.listenerCount(signal) > 0) return true;
    // A `once` listener is removed by the signal that it handles.
    return (this.#removedAt.get(signal) ?? 0) >= timeMicros - TOLERANCE_MICROS;
  }

  /** Returns whether a listener is just being removed: a command can interrupt that. */
  isRemoving(signal: NodeJS.Signals): boolean {
    const bit = 1 << (ENDING_SIGNALS as readonly unknown[]).indexOf(signal);
    return process.listenerCount(signal) === 0 && (Atomics.load(this.#flags, LISTENS) & bit) !== 0;
  }

  #update(name: string | symbol, listens: boolean): void {
    const index = (ENDING_SIGNALS as readonly unknown[]).indexOf(name);
    if (index < 0) return;
    if (listens) Atomics.or(this.#flags, LISTENS, 1 << index);
    else Atomics.and(this.#flags, LISTENS, ~(1 << index));
  }
}
