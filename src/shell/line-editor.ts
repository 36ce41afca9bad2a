import { StringDecoder } from "node:string_decoder";
import type tty from "node:tty";
import type { Completion } from "./completion.js";
import { EditedLine } from "./edited-line.js";

/** Reads lines that are edited in a terminal. */
export interface LineEditor {
  /**
   * Shows the prompt, which may hold colours, and resolves with the line that is entered;
   * undefined at the end of input (Ctrl-D on an empty line). Ctrl-C begins the line anew.
   * One line is read at a time.
   *
   * While no line is read the terminal is as it was: Ctrl-C is a signal, and what is typed
   * waits for the next line, or for another program that reads from the terminal.
   */
  read(prompt: string): Promise<string | undefined>;
  /** Lets go of the terminal; a line that is being read is undefined. */
  close(): void;
}

export interface LineEditorOptions {
  readonly input: tty.ReadStream;
  readonly output: tty.WriteStream;
  /** Lines that were entered before, the oldest first. */
  readonly history: readonly string[];
  /** Completes the line up to the cursor; must not throw. */
  complete(line: string): Completion;
  /**
   * Told of each line that goes into the history: not of one like that before it, nor of
   * one that begins with a blank.
   */
  remember?(line: string): void;
}

/** How many lines can be called back. */
const HISTORY_SIZE = 1000;

/** Up to the first key that may end a line: Enter, Ctrl-C, Ctrl-D. */
const UP_TO_END = /^[^\r\n\cC\cD]*(?:\r\n|[\r\n\cC\cD])?/;

export function openLineEditor(options: LineEditorOptions): LineEditor {
  return new TerminalLines(options);
}

class TerminalLines implements LineEditor {
  readonly #options: LineEditorOptions;
  /** The newest first. */
  readonly #history: string[];
  readonly #decoder = new StringDecoder("utf8");
  /** What came from the terminal behind the end of a line, such as the rest of a paste. */
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

  /** The terminal is gone. */
  readonly #onEnd = () => this.close();

  /** Types what waits, up to the end of the line. */
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
