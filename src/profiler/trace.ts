import { setTimeout } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { LocalSession } from "../v8/local-session.js";
import { BusyError } from "./busy.js";

/** A category that this version of Node does not have. */
export class UnknownCategoryError extends Error {
  override readonly name = "UnknownCategoryError";
}

/**
 * The categories that are recorded by default: what blocks the event loop, requests and garbage
 * collections. `node.async_hooks` is not among them, as each promise has several events.
 */
export const DEFAULT_CATEGORIES: readonly string[] = [
  "node.bootstrap",
  "node.console",
  "node.dns.native",
  "node.environment",
  "node.fs.async",
  "node.fs.sync",
  "node.fs_dir.async",
  "node.fs_dir.sync",
  "node.http",
  "node.net.native",
  "node.perf",
  "node.threadpoolwork.async",
  "node.threadpoolwork.sync",
  "node.vm.script",
  "v8",
];

/** The size of the events at which a trace ends early. */
const MAX_BYTES = 2 ** 26;

/** How long to wait for the last events. */
const FLUSH_TIMEOUT_MS = 5000;

let isRunning = false;

/**
 * Records trace events of all threads, and returns them in Chrome's format. They are kept in memory;
 * a trace that becomes too large ends early. Rejects with a BusyError if a trace is being recorded,
 * with an UnknownCategoryError for wrong categories, and with the signal's reason if that is aborted.
 */
export async function collectTrace(
  categories: readonly string[],
  durationMillis: number,
  signal: AbortSignal,
): Promise<string> {
  if (isRunning) throw new BusyError("a trace of this process is being recorded already");
  isRunning = true;
  // Node's tracing belongs to the main thread, and records all threads.
  const session = new LocalSession(!isMainThread);
  try {
    return await record(session, categories, durationMillis, signal);
  } finally {
    session.close();
    isRunning = false;
  }
}

async function record(
  session: LocalSession,
  categories: readonly string[],
  durationMillis: number,
  signal: AbortSignal,
): Promise<string> {
  await checkCategories(session, categories);
  const events: string[] = [];
  let size = 0;
  const full = new AbortController();
  session.on("NodeTracing.dataCollected", ({ value }) => {
    if (full.signal.aborted) return;
    for (const event of value as unknown[]) {
      const text = JSON.stringify(event);
      size += text.length + 1;
      if (size > MAX_BYTES) return full.abort();
      events.push(text);
    }
  });
  const completed = new Promise<void>((resolve) => {
    session.on("NodeTracing.tracingComplete", () => resolve());
  });
  await session.send("NodeTracing.start", { traceConfig: { includedCategories: categories } });
  await setTimeout(durationMillis, undefined, {
    signal: AbortSignal.any([signal, full.signal]),
    ref: false,
  }).catch(() => signal.throwIfAborted());
  await session.send("NodeTracing.stop");
  await Promise.race([completed, setTimeout(FLUSH_TIMEOUT_MS, undefined, { ref: false })]);
  const ended = full.signal.aborted ? `,"tsprof":"ended early: more than ${MAX_BYTES} bytes"` : "";
  return `{"traceEvents":[${events.join(",\n")}]${ended}}`;
}

/** Throws for categories of Node that do not exist. V8 does not list all of its categories. */
async function checkCategories(
  session: LocalSession,
  categories: readonly string[],
): Promise<void> {
  const { categories: known } = await session.send("NodeTracing.getCategories");
  const unknown = categories.find(
    (category) =>
      !/^[\w.-]+$/.test(category) ||
      (/^node\b/.test(category) && !(known as string[]).includes(category)),
  );
  if (unknown === undefined) return;
  throw new UnknownCategoryError(
    `no category ${JSON.stringify(unknown)}; Node has ${(known as string[]).join(", ")}`,
  );
}
