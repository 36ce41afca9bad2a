import type readline from "node:readline";

/** Node's line editor, with members that are not documented but that Node's REPL uses too. */
export interface NodeEditor extends readline.Interface {
  line: string;
  cursor: number;
  /** The row of the cursor within the line when the line was last drawn. */
  prevRows: number;
  /** Moves below the line on the screen and begins an empty one. */
  clearLine(): void;
}
