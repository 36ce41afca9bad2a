import readline from "node:readline";
import { Readable } from "node:stream";
import type tty from "node:tty";
import { listCandidates } from "./columns.js";
import type { Completion } from "./completion.js";
import { HistorySearch, SEARCH_KEY } from "./history-search.js";
import type { NodeEditor } from "./node-editor.js";

/** What is not left to the editor: Tab and Ctrl-R, */
const OWN_KEYS = /[\t\cR]/;
/** and more letters than anyone types at once, for which it would take time squared. */
const PASTED = /^\P{Cc}{16,}/u;

export interface EditedLineOptions {
  input: tty.ReadStream;
  output: tty.WriteStream;
  prompt: string;
  /** The newest first. */
  history: readonly string[];
  complete(line: string): Completion;
  /** The line was entered. */
  onLine(line: string): void;
  /** Ctrl-C was pressed. */
  onInterrupt(): void;
  /** Ctrl-D was pressed on an empty line. */
  onEnd(): void;
}

/** A line that is edited in a terminal, from its prompt on; it takes keys until it is closed. */
export class EditedLine {
  readonly #options: EditedLineOptions;
  /** Never read: it says what it is told to. */
  readonly #keys: Readable;
  readonly #editor: NodeEditor;
  #search: HistorySearch | undefined;
  /** What was before the cursor when Tab was last pressed. */
  #tabbed: string | undefined;
  #isClosed = false;

  constructor(options: EditedLineOptions) {
    const { input, output, prompt, history } = options;
    this.#options = options;
    this.#keys = Object.assign(new Readable({ read() {} }), {
      setRawMode: (isRaw: boolean) => input.setRawMode(isRaw),
    });
    // Done by the editor it would make it append what comes as several keys at once, such as
    // a paste, wherever the cursor is.
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
    // Back from Ctrl-Z.
    editor.on("SIGCONT", () => editor.prompt(true));
    editor.prompt();
  }

  /** Takes keys as the terminal sends them. */
  type(keys: string): void {
    let rest = keys;
    while (rest !== "") {
      if (this.#search) {
        rest = this.#search.type(rest);
        if (this.#search.isOver) this.#search = undefined;
        continue;
      }
      const [pasted] = PASTED.exec(rest) ?? [];
      if (pasted !== undefined) {
        this.#replace(this.#editor.cursor, pasted);
        rest = rest.slice(pasted.length);
        continue;
      }
      // The editor's own way to complete loses what was typed where a candidate does not
      // begin with it, and takes Tab for a character if more keys come with it.
      const at = rest.search(OWN_KEYS);
      this.#keys.emit("data", at < 0 ? rest : rest.slice(0, at));
      if (at < 0) return;
      if (rest[at] === SEARCH_KEY) {
        this.#search = new HistorySearch(this.#editor, this.#options.history);
      } else this.#complete();
      rest = rest.slice(at + 1);
    }
  }

  /** Lets go of the terminal, and says nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#options.output.off("resize", this.#onResize);
    this.#editor.close();
  }

  /** Terminals wrap again what they show; this goes before the editor's own listener. */
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
    else if (this.#tabbed === before && candidates.length > 1) {
      this.#list({ start, text, candidates, total });
    }
    this.#tabbed = completed;
  }

  /** Puts a text in place of what is between `start` and the cursor. */
  #replace(start: number, text: string): void {
    const editor = this.#editor;
    const before = editor.line.slice(0, start) + text;
    editor.line = before + editor.line.slice(editor.cursor);
    editor.cursor = before.length;
    editor.prompt(true);
  }

  /** Shows candidates below the line, and the line again below them. */
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
