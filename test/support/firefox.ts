import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { WebSocket } from "undici";

/** Debian's Firefox. */
const FIREFOX = "/usr/bin/firefox-esr";

/** Firefox contacts its maker's servers at every start, unless these settings forbid it. */
const SETTINGS = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

interface Message {
  /** The number of the command that this answers; missing in events. */
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly message?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * A window of Firefox, controlled through WebDriver BiDi (https://w3c.github.io/webdriver-bidi):
 * Playwright needs a Firefox of its own.
 */
export class Firefox {
  /** Uncaught errors, and messages of console.error. */
  readonly errors: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (message: Message) => void>();
  #commands = 0;
  #context = "";

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data))));
  }

  static async start({ width, height }: { width: number; height: number }): Promise<Firefox> {
    const profile = mkdtempSync(path.join(os.tmpdir(), "tsprof-firefox-"));
    const settings = Object.entries(SETTINGS).map(
      ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`,
    );
    writeFileSync(path.join(profile, "user.js"), settings.join(""));
    const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"];
    const child = spawn(FIREFOX, args, { stdio: ["ignore", "ignore", "pipe"] });
    const address = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error("Firefox ended")));
      createInterface(child.stderr).on("line", (line) => {
        const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
        if (found) resolve(found);
      });
    });
    const socket = new WebSocket(`${address}/session`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("Firefox cannot be controlled")));
    });
    const firefox = new Firefox(child, profile, socket);
    await firefox.#send("session.new", { capabilities: {} });
    await firefox.#send("session.subscribe", { events: ["log.entryAdded"] });
    const { contexts } = await firefox.#send("browsingContext.getTree", {});
    firefox.#context = (contexts as { context: string }[])[0].context;
    await firefox.#sendHere("browsingContext.setViewport", { viewport: { width, height } });
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.#sendHere("browsingContext.navigate", { url, wait: "complete" });
  }

  /** Moves in the history: -1 is the Back button. */
  async goInHistory(delta: number): Promise<void> {
    await this.#sendHere("browsingContext.traverseHistory", { delta });
  }

  /** Returns the value of an expression in the page, which JSON can represent. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.#send("script.evaluate", {
      expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    const { result, exceptionDetails } = answer as {
      result?: { value: string };
      exceptionDetails?: { text: string };
    };
    if (!result) throw new Error(exceptionDetails?.text);
    return JSON.parse(result.value) as T;
  }

  /** Clicks at a point of the window. */
  async clickAt(x: number, y: number): Promise<void> {
    const move = { type: "pointerMove", x: Math.round(x), y: Math.round(y) };
    const actions = [move, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
    await this.#perform({ type: "pointer", id: "mouse", actions });
  }

  /** Clicks the first element of a selector. */
  async click(selector: string): Promise<void> {
    const [x, y] = await this.evaluate<[number, number]>(
      `(() => { const { x, y, width, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return [x + width / 2, y + height / 2]; })()`,
    );
    await this.clickAt(x, y);
  }

  async press(key: string): Promise<void> {
    const actions = [
      { type: "keyDown", value: key },
      { type: "keyUp", value: key },
    ];
    await this.#perform({ type: "key", id: "keyboard", actions });
  }

  /** Returns a picture of the window as PNG. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#sendHere("browsingContext.captureScreenshot", {});
    return Buffer.from(data as string, "base64");
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#socket.close();
    this.#process.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true });
  }

  #perform(source: { type: string; id: string; actions: readonly object[] }) {
    return this.#sendHere("input.performActions", { actions: [source] });
  }

  #sendHere(method: string, params: object) {
    return this.#send(method, { ...params, context: this.#context });
  }

  async #send(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#commands;
    const answered = new Promise<Message>((resolve) => this.#answers.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error, message } = await answered;
    if (!result) throw new Error(`${method}: ${error}: ${message}`);
    return result;
  }

  #receive(message: Message): void {
    if (message.id !== undefined) {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
    } else if (message.method === "log.entryAdded" && message.params?.level === "error") {
      this.errors.push(String(message.params.text));
    }
  }
}
