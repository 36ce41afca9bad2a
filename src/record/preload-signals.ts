import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { listensFile, receivedFile } from "./plan.js";
import { attempt } from "./whole-file.js";

/** The signals that end a program without listeners. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const;

/**
 * How long a program counts as a listener of a signal after its last listener was removed. Must
 * exceed the recorder's SIGNAL_TIMEOUT_MS (run.ts).
 */
const LISTENER_GRACE_MS = 5000;

/**
 * Ends the recording on signals without other listeners. Our listener exists only while there is no
 * other, as some programs count them. Ignores the signal `except`. Returns a function that ends recording and process.
 */
export function followSignals(
  folder: string,
  finish: () => void,
  except?: NodeJS.Signals,
): (signal: NodeJS.Signals) => void {
  const signals = SIGNALS.filter((signal) => signal !== except);
  let isOver = false;
  const isAlone = (signal: string) => {
    const ours = process.listeners(signal as NodeJS.Signals).includes(end) ? 1 : 0;
    return process.listenerCount(signal) === ours;
  };
  const end = (signal: NodeJS.Signals) => {
    if (isOver || !isAlone(signal)) return;
    isOver = true;
    finish();
    for (const name of signals) process.off(name, end);
    // The signal has no listener any more, so it ends the program.
    process.kill(process.pid, signal);
  };
  const isEnding = (name: string | symbol): name is (typeof SIGNALS)[number] =>
    signals.some((signal) => signal === name);
  const listens = (signal: string) => path.join(folder, listensFile(process.pid, signal));
  const listen = (signal: NodeJS.Signals) => {
    notingReceipt(folder, () => process.on(signal, end));
  };
  for (const signal of signals) {
    // Options of Node, such as --heapsnapshot-signal, add listeners before the program.
    if (process.listenerCount(signal) === 0) attempt(() => listen(signal));
    else attempt(() => writeFileSync(listens(signal), ""));
  }
  process.on("newListener", (name, listener) => {
    if (!isEnding(name) || listener === end || isOver) return;
    attempt(() => writeFileSync(listens(name), ""));
    // Remove our listener only after theirs is added, as without any Node stops catching the signal.
    queueMicrotask(() => {
      if (!isAlone(name)) process.off(name, end);
    });
  });
  process.on("removeListener", (name, listener) => {
    if (!isEnding(name) || listener === end || isOver || !isAlone(name)) return;
    if (process.listenerCount(name) === 0) listen(name);
    // A `once` listener is removed by the signal that it handles, so the file stays for a while.
    setTimeout(() => {
      if (isAlone(name)) attempt(() => rmSync(listens(name), { force: true }));
    }, LISTENER_GRACE_MS).unref();
  });
  return end;
}

/**
 * Notes in a file when the process receives the signal whose first listener `addListener` adds. The
 * recorder does not send a signal again to a process that has received it from its parent. Node
 * binds the present `process.emit` to a signal when it gets its first listener.
 */
function notingReceipt(folder: string, addListener: () => void): void {
  const own = Object.getOwnPropertyDescriptor(process, "emit");
  const { emit } = process;
  const noting = (...args: [string, ...unknown[]]) => {
    const file = path.join(folder, receivedFile(process.pid, args[0]));
    attempt(() => writeFileSync(file, ""));
    return Reflect.apply(emit, process, args);
  };
  Object.defineProperty(process, "emit", { value: noting, configurable: true, writable: true });
  try {
    addListener();
  } finally {
    if (own) Object.defineProperty(process, "emit", own);
    else Reflect.deleteProperty(process, "emit");
  }
}
