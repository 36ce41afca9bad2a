import type { Send } from "./protocol.js";
import { readWorkerTitle } from "./worker-title.js";

/** A connection to the inspector of one thread. */
export interface Connection {
  readonly send: Send<Promise<Record<string, unknown>>>;
  /** Sets the listener of an event. */
  on(method: string, listener: (params: Record<string, unknown>) => void): void;
}

/** A connection to a worker, through the one to its main thread. */
export interface WorkerConnection extends Connection {
  /** The id of the connection. */
  readonly id: string;
  /** The id of the thread; undefined if Node does not report it. */
  readonly thread: number | undefined;
  /** The name of the worker, or else `worker` with its id. */
  readonly name: string;
  /** Resolves when the worker or the connection to it ends. */
  readonly closed: Promise<void>;
}

/** A thread ended, or closed its inspector. */
export class ConnectionLost extends Error {
  constructor() {
    super("the connection to the inspector was lost");
  }
}

/**
 * Calls `onWorker` for each worker that runs or starts, after the main thread has executed
 * `NodeWorker.enable`. Commands to workers reject with {@link ConnectionLost} when `closed`
 * resolves or the worker ends, and with the inspector's error if it refuses them. Returns a function
 * that ends the connections to all workers. Without it, workers keep the memory of profilers, even
 * after `NodeWorker.disable`.
 */
export function followWorkers(
  main: Connection,
  closed: Promise<void>,
  onWorker: (worker: WorkerConnection) => void,
): () => Promise<void> {
  const sessions = new Map<string, WorkerSession>();
  main.on("NodeWorker.attachedToWorker", ({ sessionId, workerInfo }) => {
    const title = String((workerInfo as { title?: unknown }).title);
    const session = new WorkerSession(main, String(sessionId), title);
    sessions.set(String(sessionId), session);
    onWorker(session);
  });
  main.on("NodeWorker.receivedMessageFromWorker", ({ sessionId, message }) => {
    sessions.get(String(sessionId))?.receive(String(message));
  });
  main.on("NodeWorker.detachedFromWorker", ({ sessionId }) => {
    sessions.get(String(sessionId))?.end();
    sessions.delete(String(sessionId));
  });
  closed.then(() => {
    for (const session of sessions.values()) session.end();
  });
  return async () => {
    await Promise.allSettled(
      [...sessions.keys()].map((sessionId) => main.send("NodeWorker.detach", { sessionId })),
    );
  };
}

interface Waiter {
  done(result: Record<string, unknown>): void;
  fail(error: Error): void;
}

class WorkerSession implements WorkerConnection {
  readonly id: string;
  readonly thread: number | undefined;
  readonly name: string;
  readonly closed: Promise<void>;
  readonly #main: Connection;
  readonly #waiting = new Map<number, Waiter>();
  readonly #listeners = new Map<string, (params: Record<string, unknown>) => void>();
  #lastId = 0;
  #isClosed = false;
  #close = () => {};

  constructor(main: Connection, id: string, title: string) {
    this.#main = main;
    this.id = id;
    const { thread, name } = readWorkerTitle(title);
    this.thread = thread;
    this.name = name || (thread === undefined ? title : `worker ${thread}`);
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  readonly send: Connection["send"] = (method, params = {}) => {
    const id = ++this.#lastId;
    const message = JSON.stringify({ id, method, params });
    return new Promise((done, fail) => {
      if (this.#isClosed) return fail(new ConnectionLost());
      this.#waiting.set(id, { done, fail });
      const request = { sessionId: this.id, message };
      this.#main.send("NodeWorker.sendMessageToWorker", request).catch(fail);
    });
  };

  on(method: string, listener: (params: Record<string, unknown>) => void): void {
    this.#listeners.set(method, listener);
  }

  receive(message: string): void {
    const { id, method, params, result, error } = JSON.parse(message);
    if (id === undefined) {
      this.#listeners.get(method)?.(params ?? {});
      return;
    }
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiter?.fail(new Error(String(error.message)));
    else waiter?.done(result ?? {});
  }

  end(): void {
    this.#isClosed = true;
    for (const { fail } of this.#waiting.values()) fail(new ConnectionLost());
    this.#waiting.clear();
    this.#close();
  }
}
