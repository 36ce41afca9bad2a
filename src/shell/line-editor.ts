import { StringDecoder } from "node:string_decoder";
import type tty from "node:tty";
import type { Completion } from "./completion.js";
import { EditedLine } from "./edited-line.js";

/** Reads lines from a terminal, with editing. */
export interface LineEditor {
  /**
   * Shows the prompt, and resolves with the line when the user presses Enter, or with undefined at
   * the end of input (Ctrl-D on an empty line). Ctrl-C clears the line. Call it for one line at a
   * time. Between lines, Ctrl-C is a signal, and other programs may read from the terminal.
   */
  read(prompt: string): Promise<string | undefined>;
  /** Releases the terminal. A pending {@link read} resolves with undefined. */
  close(): void;
}

export interface LineEditorOptions {
  readonly input: tty.ReadStream;
  readonly output: tty.WriteStream;
  /** The lines of earlier sessions, the oldest first. */
  readonly history: readonly string[];
  /** Completes the line up to the cursor; must not throw. */
  complete(line: string): Completion;
  /** Gets each new line of the history: no repeated lines, and none that begin with a blank. */
  remember?(line: string): void;
}

const HISTORY_SIZE = 1000;

/** Keys up to the first that may end the line: Enter, Ctrl-C, Ctrl-D. */
const UP_TO_END = /^[^\r\n\cC\cD]*(?:\r\n|[\r\n\cC\cD])?/;

export function openLineEditor(options: LineEditorOptions): LineEditor {
  return new TerminalLines(options);
}

class TerminalLines implements LineEditor {
  readonly #options: LineEditorOptions;
  /** The newest line first. */
  readonly #history: string[];
  readonly #decoder = new StringDecoder("utf8");
  /** Keys that arrived after the end of a line, such as the rest of a paste. */
  #waiting = "";
  #line: EditedLine | undefined;
  #resolve: (line: string | undefined) => void = () => {};
  #hasEnded = false;

  constructor(options: LineEditorOptions) {
    this.#options = options;
    this.#history = options.history.slice(-HISTORY_SIZE).reverse();
  }

  read(prompt: string): Promise<string | undefined> {
    const { input } = this.#options;
    if (this.#hasEnded || input.destroyed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#resolve = resolve;
      input.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onEnd);
      this.#edit(prompt);
      input.resume();
      this.#type();
    });
  }

  close(): void {
    this.#hasEnded = true;
    if (this.#line) this.#finish(undefined);
  }

  #edit(prompt: string): void {
    const { input, output, complete } = this.#options;
    this.#line = new EditedLine({
      input,
      output,
      prompt,
      history: this.#history,
      complete,
      onLine: (line) => {
        this.#remember(line);
        this.#finish(line);
      },
      onInterrupt: () => {
        this.#line?.close();
        this.#edit(prompt);
      },
      onEnd: () => {
        output.write("\n");
        this.#finish(undefined);
      },
    });
  }

  readonly #onData = (bytes: Buffer | string) => {
    this.#waiting += typeof bytes === "string" ? bytes : this.#decoder.write(bytes);
    this.#type();
  };

  /** The terminal was closed. */
  readonly #onEnd = () => this.close();

  /** Passes waiting keys to the line, up to its end. */
  #type(): void {
    while (this.#line && this.#waiting !== "") {
      const [keys] = UP_TO_END.exec(this.#waiting) ?? [this.#waiting];
      this.#waiting = this.#waiting.slice(keys.length);
      this.#line.type(keys.replace("\r\n", "\r"));
    }
  }

  #finish(line: string | undefined): void {
    this.#line?.close();
    this.#line = undefined;
    const { input } = this.#options;
    input.off("data", this.#onData).off("end", this.#onEnd).off("error", this.#onEnd);
    input.pause();
    this.#resolve(line);
  }

  #remember(line: string): void {
    if (/^\s|^$/.test(line) || line === this.#history[0]) return;
    this.#history.unshift(line);
    this.#history.splice(HISTORY_SIZE);
    this.#options.remember?.(line);
  }
}
