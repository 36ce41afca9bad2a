import { writeSync } from "node:fs";
import { oneLine, shorten } from "./fit.js";

const STDERR = 2;

const INTERVAL_MS = 250;

/** A line at the bottom of the terminal, on standard error, that shows progress. */
export class ProgressLine {
  readonly #text: () => string;
  readonly #timer: NodeJS.Timeout;
  #isShown = false;

  /** `text` returns the current text, or an empty one to show no line. */
  constructor(text: () => string) {
    this.#text = text;
    this.#timer = setInterval(() => this.#draw(), INTERVAL_MS);
    this.#draw();
  }

  /** Removes the line before other text is written. The next update draws it again. */
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
    // One column stays free, or the cursor would move to the next line.
    write(`${ERASE}${shorten(oneLine(text), (process.stderr.columns || 80) - 1)}`);
    this.#isShown = true;
  }
}

/** Moves the cursor to the start of the line and erases it. */
const ERASE = "\r\x1b[K";

function write(text: string): void {
  try {
    writeSync(STDERR, text);
  } catch {
    // The terminal is slow or closed; this update is skipped.
  }
}
