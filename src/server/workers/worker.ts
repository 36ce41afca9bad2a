/** The script of a worker process. The server may end the process at any time. */
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { setImmediate, setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { userErrorCode } from "../../errors/user-error.js";
import type { Options } from "../../options/table.js";
import { sharedOptions } from "../../page/shared-options.js";
import { describeError, userMessage } from "../../session/errors.js";
import type { SourceRequest } from "../../session/request.js";
import { Session } from "../../session/session.js";
import { printMessage } from "../../session/show/messages.js";
import { fileNameFor, profileFile } from "../profile-file.js";
import {
  type FromWorker,
  LIFELINE,
  type OpenedProfile,
  type SentError,
  type Task,
  type ToWorker,
} from "./messages.js";
import { refusalOf, taskOutput } from "./task-output.js";

/** A worker frees the memory of earlier tasks after it has been idle for this time. */
const IDLE_MS = 500;

let session: Session | undefined;
let options: Options | undefined;
let received: Uint8Array[] = [];
let resumeOutput: () => void = () => {};
let idle = new AbortController();

endWithServer();
process.on("disconnect", () => process.exit());
process.on("message", (message: ToWorker) => {
  void handle(message);
});

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case "open": {
      await send({ type: "started" });
      const opening = open(message.request, message.title);
      const answered = answer(() => opening);
      const isOver = opening.then(
        () => true,
        () => true,
      );
      if (!(await Promise.race([isOver, setImmediate(false)]))) await send({ type: "reading" });
      return answered;
    }
    case "bytes":
      received.push(message.bytes);
      return;
    case "restore":
      return answer(() => restore(message.opened, message.options));
    case "task":
      return run(message.task);
    case "more":
      return resumeOutput();
  }
}

/** Sends the result of `work`, or its error, to the server. */
async function answer(work: () => Promise<FromWorker>): Promise<void> {
  try {
    await send(await work());
  } catch (error) {
    await send({ type: "failed", error: sentError(error) });
  }
}

function sentError(error: unknown): SentError {
  const { name = "Error", stack } = error instanceof Error ? error : {};
  const isForUser = userMessage(error) !== undefined;
  const code = isForUser ? (userErrorCode(error) ?? "failed") : undefined;
  return { code, name, message: describeError(error), stack };
}

async function open(request: SourceRequest, title: string): Promise<FromWorker> {
  const warnings: string[] = [];
  session = await Session.open({ ...request, keepsOriginal: true }, (line) => {
    warnings.push(line);
    printMessage(line);
  });
  options = sharedOptions(request.options);
  const { name: fileName, bytes, isPrepared } = await profileFile(session, fileNameFor(title));
  for (const piece of cut(bytes)) await send({ type: "bytes", bytes: piece });
  silenceStderr();
  const state = await session.state();
  // Processor time, because a copy does not have to fetch the profile again.
  const { user, system } = process.cpuUsage();
  const copyMs = (user + system) / 1000;
  return { type: "opened", opened: { state, fileName, isPrepared, warnings, copyMs } };
}

async function restore({ state, isPrepared }: OpenedProfile, given: Options): Promise<FromWorker> {
  const bytes = Buffer.concat(received);
  received = [];
  options = given;
  session = await Session.restore(state, { bytes, isPrepared }, given);
  return { type: "restored" };
}

async function run(task: Task): Promise<void> {
  idle.abort();
  idle = new AbortController();
  try {
    if (!session || !options) throw new Error("the worker has no profile yet");
    for await (const bytes of taskOutput(task, session, options)) {
      const isRequested = new Promise<void>((resolve) => {
        resumeOutput = resolve;
      });
      await send({ type: "piece", bytes });
      await isRequested;
    }
    await send({ type: "done" });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) await send({ type: "refused", ...refusal });
    else await send({ type: "error", error: sentError(error) });
  }
  await freeMemory(idle.signal);
}

/** Collects garbage once the worker has been idle for a while. */
async function freeMemory(signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(IDLE_MS, undefined, { signal, ref: false });
    globalThis.gc?.();
  } catch {
    // The next task has arrived.
  }
}

function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    // Errors are ignored: they mean that the server has ended, and then this process ends too.
    process.send?.(message, undefined, undefined, () => resolve());
  });
}

/** The largest message. Larger ones would block the server for too long. */
const MAX_MESSAGE_BYTES = 1 << 20;

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += MAX_MESSAGE_BYTES) {
    yield bytes.subarray(at, at + MAX_MESSAGE_BYTES);
  }
}

/**
 * Redirects standard error to the null device: when Node fails, it prints many lines there, and the
 * server prints one line instead. open() returns the lowest free descriptor, which is standard error.
 */
function silenceStderr(): void {
  try {
    closeSync(2);
    openSync(devNull, "w");
  } catch {
    // Additional lines do no harm.
  }
}

/**
 * Ends this process and its children when the server has ended for any reason. A thread waits for
 * that, because a report may block the main thread.
 */
function endWithServer(): void {
  const thread = new Worker(
    `const { readSync } = require("node:fs");
    try {
      while (readSync(${LIFELINE}, Buffer.alloc(1)) > 0);
    } catch {}
    // SIGINT first, so that the tools are ended too.
    process.kill(process.pid, "SIGINT");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");`,
    { eval: true },
  );
  thread.unref();
}
