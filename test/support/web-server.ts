import { type ChildProcess, spawn } from "node:child_process";
import http from "node:http";
import { ROOT } from "./proto.js";
import { type RunOptions, TSPROF, testEnv } from "./run.js";

/** The answer of a server. Redirects are not followed. */
export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  /** May include `Host`. The default is the header that a browser would send. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A process of tsprof that serves the web interface. */
export class WebServer {
  readonly url: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #said: () => string;
  /** The exit code, if the process ends without {@link stop}. */
  readonly ended: Promise<number | null>;

  constructor(url: string, child: ChildProcess, said: () => string, ended: Promise<number | null>) {
    this.url = url;
    this.port = Number(new URL(url).port);
    this.#child = child;
    this.#said = said;
    this.ended = ended;
  }

  /** The output on standard error so far. */
  get stderr(): string {
    return this.#said();
  }

  /** Sends a request with exactly this path, without normalizing it. */
  ask(path: string, { method = "GET", headers = {}, body = "" }: Asked = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: "127.0.0.1",
          port: this.port,
          path,
          method,
          headers: { Host: `localhost:${this.port}`, ...headers },
          agent: false,
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("error", reject);
          response.on("end", () => {
            const bytes = Buffer.concat(pieces);
            const { statusCode: status = 0, headers } = response;
            resolve({ status, headers, bytes, text: bytes.toString() });
          });
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * Starts a request. `begun` resolves when the answer begins, `over` with whether it is complete.
   * `leave` closes the connection.
   */
  begin(path: string): {
    begun: Promise<http.IncomingMessage>;
    over: Promise<boolean>;
    leave: () => void;
  } {
    const headers = { Host: `localhost:${this.port}` };
    const request = http.get({ host: "127.0.0.1", port: this.port, path, headers, agent: false });
    const begun = new Promise<http.IncomingMessage>((resolve) => request.on("response", resolve));
    const over = new Promise<boolean>((resolve) => {
      request.on("error", () => resolve(false));
      request.on("response", (response) => {
        response.on("error", () => resolve(false));
        response.on("close", () => resolve(response.complete));
        response.resume();
      });
    });
    return { begun, over, leave: () => void request.destroy() };
  }

  /** Sends a POST request like the page itself. */
  change(path: string): Promise<Reply> {
    return this.ask(path, { method: "POST", headers: { Origin: this.url } });
  }

  /** Presses Ctrl-C, or sends another signal. Returns the exit code. */
  stop(signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** Starts tsprof with these arguments, and waits until it prints its address. */
export function startTsprof(
  args: readonly string[],
  { cwd = ROOT, env = {}, input }: RunOptions = {},
): Promise<WebServer> {
  const child = spawn(process.execPath, [TSPROF, ...args], {
    cwd,
    env: testEnv(env),
    stdio: [input === undefined ? "ignore" : "pipe", "ignore", "pipe"],
  });
  child.stdin?.end(input);
  let said = "";
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.stderr?.on("data", (piece: Buffer) => {
      said += piece;
      const url = /^Serving web UI on (http:\/\/\S+)\n/m.exec(said)?.[1];
      if (url) resolve(new WebServer(url, child, () => said, ended));
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}
