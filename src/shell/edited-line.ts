import readline from "node:readline";
import { Readable } from "node:stream";
import type tty from "node:tty";
import { listCandidates } from "./columns.js";
import type { Completion } from "./completion.js";
import { HistorySearch, SEARCH_KEY } from "./history-search.js";
import type { NodeEditor } from "./node-editor.js";

/** The keys that Node's line editor does not handle here: Tab and Ctrl-R. */
const OWN_KEYS = /[\t\cR]/;
/** Pasted text. Node's line editor would insert it in quadratic time. */
const PASTED_TEXT = /^\P{Cc}{16,}/u;

export interface EditedLineOptions {
  input: tty.ReadStream;
  output: tty.WriteStream;
  prompt: string;
  /** The newest line first. */
  history: readonly string[];
  complete(line: string): Completion;
  /** The user pressed Enter. */
  onLine(line: string): void;
  /** The user pressed Ctrl-C. */
  onInterrupt(): void;
  /** The user pressed Ctrl-D on an empty line. */
  onEnd(): void;
}

/** Edits one line in a terminal, with a prompt. Accepts keys until it is closed. */
export class EditedLine {
  readonly #options: EditedLineOptions;
  /** The input of Node's editor. {@link type} emits the keys on it. */
  readonly #keys: Readable;
  readonly #editor: NodeEditor;
  #search: HistorySearch | undefined;
  /** The text before the cursor when the user last pressed Tab. */
  #completed: string | undefined;
  #isClosed = false;

  constructor(options: EditedLineOptions) {
    const { input, output, prompt, history } = options;
    this.#options = options;
    this.#keys = Object.assign(new Readable({ read() {} }), {
      setRawMode: (isRaw: boolean) => input.setRawMode(isRaw),
    });
    // If Node's editor called this itself, it would append several keys at once, such as a paste,
    // to the end of the line instead of inserting them at the cursor.
    readline.emitKeypressEvents(this.#keys);
    output.on("resize", this.#onResize);
    const editor = readline.createInterface({
      input: this.#keys,
      output,
      prompt,
      history: [...history],
      historySize: history.length + 1,
      terminal: true,
    });
    this.#editor = editor as NodeEditor;
    editor.on("line", options.onLine);
    editor.on("close", () => {
      if (!this.#isClosed) options.onEnd();
    });
    editor.on("SIGINT", () => {
      editor.write(null, { ctrl: true, name: "e" });
      output.write("^C");
      this.#editor.clearLine();
      options.onInterrupt();
    });
    // The process continues after Ctrl-Z.
    editor.on("SIGCONT", () => editor.prompt(true));
    editor.prompt();
  }

  /** Handles keys, in the encoding of the terminal. */
  type(keys: string): void {
    let rest = keys;
    while (rest !== "") {
      if (this.#search) {
        rest = this.#search.type(rest);
        if (this.#search.isOver) this.#search = undefined;
        continue;
      }
      const [pasted] = PASTED_TEXT.exec(rest) ?? [];
      if (pasted !== undefined) {
        this.#replace(this.#editor.cursor, pasted);
        rest = rest.slice(pasted.length);
        continue;
      }
      // Completion in Node's editor removes typed text that a candidate does not begin with, and
      // inserts Tab as a character if other keys arrive with it.
      const at = rest.search(OWN_KEYS);
      this.#keys.emit("data", at < 0 ? rest : rest.slice(0, at));
      if (at < 0) return;
      if (rest[at] === SEARCH_KEY) {
        this.#search = new HistorySearch(this.#editor, this.#options.history);
      } else this.#complete();
      rest = rest.slice(at + 1);
    }
  }

  /** Releases the terminal. Calls no more events. */
  close(): void {
    this.#isClosed = true;
    this.#options.output.off("resize", this.#onResize);
    this.#editor.close();
  }

  /** Corrects the row after the terminal has rewrapped the line. Runs before Node's own listener. */
  readonly #onResize = () => {
    this.#editor.prevRows = this.#editor.getCursorPos().rows;
  };

  #complete(): void {
    const editor = this.#editor;
    const before = editor.line.slice(0, editor.cursor);
    const { start, text, candidates, total } = this.#options.complete(before);
    const isBlankNext = editor.line[editor.cursor] === " ";
    const word = isBlankNext ? text.replace(/ $/, "") : text;
    const completed = before.slice(0, start) + word;
    if (completed !== before) this.#replace(start, word);
    else if (this.#completed === before && candidates.length > 1) {
      this.#list({ start, text, candidates, total });
    }
    this.#completed = completed;
  }

  /** Replaces the text between `start` and the cursor. */
  #replace(start: number, text: string): void {
    const editor = this.#editor;
    const before = editor.line.slice(0, start) + text;
    editor.line = before + editor.line.slice(editor.cursor);
    editor.cursor = before.length;
    editor.prompt(true);
  }

  /** Shows candidates below the line, and repeats the line below them. */
  #list({ candidates, total }: Completion): void {
    const editor = this.#editor;
    const { output } = this.#options;
    const { line, cursor } = editor;
    const rows = listCandidates(candidates, total, output.columns, output.rows - 5);
    editor.clearLine();
    output.write(rows.map((row) => `${row}\r\n`).join(""));
    editor.line = line;
    editor.cursor = cursor;
    editor.prompt(true);
  }
}
