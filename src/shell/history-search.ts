import type { NodeEditor } from "./node-editor.js";

/** Ctrl-R, in the encoding of terminals. */
export const SEARCH_KEY = "\x12";
const CANCEL_KEY = "\x07";
const BACKSPACE_KEYS = "\x7f\b";

/** Searches the history: Ctrl-R finds older lines, Ctrl-G cancels, other control keys accept. */
export class HistorySearch {
  readonly #editor: NodeEditor;
  readonly #history: readonly string[];
  readonly #before: { line: string; cursor: number; prompt: string };
  #part = "";
  /** The index in the history of the line that was found. */
  #index = -1;
  isOver = false;

  /** `history` has the newest line first. */
  constructor(editor: NodeEditor, history: readonly string[]) {
    this.#editor = editor;
    this.#history = history;
    this.#before = { line: editor.line, cursor: editor.cursor, prompt: editor.getPrompt() };
    this.#find(0);
  }

  /** Handles keys up to the end of the search; returns the remaining keys, for the line. */
  type(keys: string): string {
    let handled = 0;
    for (const key of keys) {
      if (key === CANCEL_KEY) {
        this.#end(this.#before);
        return keys.slice(handled + key.length);
      }
      if (key === SEARCH_KEY) this.#find(this.#index + 1);
      else if (BACKSPACE_KEYS.includes(key)) this.#change([...this.#part].slice(0, -1).join(""));
      else if (key < " ") {
        this.#end(this.#editor);
        return keys.slice(handled);
      } else this.#change(this.#part + key);
      handled += key.length;
    }
    return "";
  }

  #change(part: string): void {
    this.#part = part;
    this.#find(0);
  }

  #find(from: number): void {
    const found = this.#history.findIndex((line, i) => i >= from && line.includes(this.#part));
    const isFound = found >= 0 && this.#part !== "";
    if (isFound) {
      this.#index = found;
      const line = this.#history[found];
      this.#show(line, line.indexOf(this.#part));
    } else this.#show(this.#editor.line, this.#editor.cursor);
    // Without a match, keep the line that was found last.
    this.#editor.setPrompt(
      `${isFound || this.#part === "" ? "search" : "not found"}: ${this.#part} → `,
    );
    this.#editor.prompt(true);
  }

  #show(line: string, cursor: number): void {
    this.#editor.line = line;
    this.#editor.cursor = cursor;
  }

  #end({ line, cursor }: { line: string; cursor: number }): void {
    this.#show(line, cursor);
    this.#editor.setPrompt(this.#before.prompt);
    this.#editor.prompt(true);
    this.isOver = true;
  }
}
