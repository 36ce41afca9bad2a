import { WebSocket } from "undici";
import { UserError } from "../errors/user-error.js";
import { ConnectionLost } from "../v8/worker-sessions.js";

/** The inspector's answer to a command, or an event. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message?: unknown };
}

const CONNECT_TIMEOUT_MS = 5000;

/** A connection to the inspector of a Node process. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { done(message: Message): void; fail(error: Error): void }>();
  readonly #listeners = new Map<string, (params: Record<string, unknown>) => void>();
  #lastId = 0;
  #isClosed = false;
  /** Resolves when the connection ends, whichever side closes it. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const message: Message = JSON.parse(String(data));
      if (message.id !== undefined) this.#waiting.get(message.id)?.done(message);
      else if (message.method) this.#listeners.get(message.method)?.(message.params ?? {});
    });
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", () => {
        this.#isClosed = true;
        for (const { fail } of this.#waiting.values()) fail(new ConnectionLost());
        resolve();
      });
    });
  }

  /** Connects to the URL of an inspector. Rejects if it does not answer. */
  static connect(url: string): Promise<Inspector> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      const timer = setTimeout(() => {
        socket.close();
        reject(new UserError("the inspector does not answer"));
      }, CONNECT_TIMEOUT_MS);
      socket.addEventListener("open", () => {
        clearTimeout(timer);
        resolve(new Inspector(socket));
      });
      socket.addEventListener("error", () => {
        clearTimeout(timer);
        reject(new UserError("the inspector does not answer"));
      });
    });
  }

  /** Sets the listener of an event. */
  on(method: string, listener: (params: Record<string, unknown>) => void): void {
    this.#listeners.set(method, listener);
  }

  /** Sends a command. Rejects with {@link ConnectionLost}, or with the inspector's error. */
  async post(method: string, params: object = {}): Promise<Record<string, unknown>> {
    if (this.#isClosed) throw new ConnectionLost();
    const id = ++this.#lastId;
    try {
      const { result, error } = await new Promise<Message>((done, fail) => {
        this.#waiting.set(id, { done, fail });
        this.#socket.send(JSON.stringify({ id, method, params }));
      });
      if (error) throw new UserError(`the inspector refuses ${method}: ${String(error.message)}`);
      return result ?? {};
    } finally {
      this.#waiting.delete(id);
    }
  }

  /**
   * Evaluates an expression in the main thread, and returns its value as JSON represents it. The
   * expression can call `require`.
   */
  async evaluate(expression: string): Promise<unknown> {
    const request = { expression, returnByValue: true, includeCommandLineAPI: true };
    const { result } = await this.post("Runtime.evaluate", request);
    return (result as { value?: unknown } | undefined)?.value;
  }

  close(): void {
    this.#socket.close();
  }
}
