import { writeSync } from "node:fs";
import { oneLine, shorten } from "./fit.js";

const STDERR = 2;

/** How often the line is drawn anew, in milliseconds. */
const INTERVAL = 250;

/**
 * A line at the bottom of a terminal's standard error that tells how far something is,
 * drawn anew now and then. It is gone when other lines are written, and at the end.
 */
export class ProgressLine {
  readonly #text: () => string;
  readonly #timer: NodeJS.Timeout;
  #isShown = false;

  /** `text` is asked each time; empty for nothing. */
  constructor(text: () => string) {
    this.#text = text;
    this.#timer = setInterval(() => this.#draw(), INTERVAL);
    this.#draw();
  }

  /** Makes room for another line. */
  clear(): void {
    if (this.#isShown) write(ERASE);
    this.#isShown = false;
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const text = this.#text();
    if (text === "") {
      this.clear();
      return;
    }
    // One column less than there are: the cursor stays in the line.
    write(`${ERASE}${shorten(oneLine(text), (process.stderr.columns || 80) - 1)}`);
    this.#isShown = true;
  }
}

/** To the start of the line, and all of it erased. */
const ERASE = "\r\x1b[K";

function write(text: string): void {
  try {
    writeSync(STDERR, text);
  } catch {
    // A terminal that is slow or gone shows less progress.
  }
}
