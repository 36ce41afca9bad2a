import type readline from "node:readline";

/** The editor of Node, with what its own REPL does to it beyond what is documented. */
export interface NodeEditor extends readline.Interface {
  line: string;
  cursor: number;
  /** In which row of those that the line takes the cursor was when it was last drawn. */
  prevRows: number;
  /** Leaves the line as it is on the screen, and begins an empty one below. */
  clearLine(): void;
}
