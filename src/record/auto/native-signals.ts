import os from "node:os";

/** Node's internal handle of a signal, which works in any thread. */
interface SignalHandle {
  onsignal: () => void;
  start(signal: number): number;
  unref(): void;
  close(): void;
}

/** A module of Node. As a constant, it is not bundled. */
const INTERNALS: string = "internal/test/binding";

/** The option of Node that makes {@link NativeSignals} available in a worker. */
export const SIGNALS_OPTIONS = ["--expose-internals", "--no-warnings"];

/**
 * Receives signals in a worker thread, for which Node has no public function. Thus signals arrive
 * even while the main thread is busy, and the program finds no listener that is not its own.
 */
export class NativeSignals {
  readonly #handles: SignalHandle[] = [];

  /** Throws if this version of Node lacks the handle, or the system lacks the signal. */
  listen(signal: NodeJS.Signals, listener: () => void): void {
    const { internalBinding } = require(INTERNALS);
    const { Signal } = internalBinding("signal_wrap");
    const handle: SignalHandle = new Signal();
    handle.unref();
    handle.onsignal = listener;
    const error = handle.start(os.constants.signals[signal]);
    if (error !== 0) throw new Error(`${signal}: error ${error}`);
    this.#handles.push(handle);
  }

  /** Restores the default actions of the signals. */
  close(): void {
    for (const handle of this.#handles.splice(0)) handle.close();
  }
}
