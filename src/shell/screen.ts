import type { WriteStream } from "node:tty";
import { findPagers, page } from "../platform/programs/pager.js";
import { type Pieces, writeStdout } from "../session/show/output.js";
import { fitsScreen } from "../terminal/fits-screen.js";

/** The terminal of a user. Text that does not fit on the screen is shown in a pager. */
export class Screen {
  readonly #output: WriteStream;
  readonly #env: NodeJS.ProcessEnv;
  #isPaging = false;

  constructor(output: WriteStream, env: NodeJS.ProcessEnv) {
    this.#output = output;
    this.#env = env;
  }

  /** The current width in columns. */
  get width(): number {
    return this.#output.columns || 80;
  }

  /** Whether a pager has the keyboard. */
  get isPaging(): boolean {
    return this.#isPaging;
  }

  /** Shows text; resolves when all of it was shown, or the user left the pager. */
  async write(pieces: Pieces): Promise<void> {
    const texts = textsOf(pieces);
    let start = "";
    for (;;) {
      const { done, value } = await texts.next();
      if (done) return writeStdout([start]);
      start += value;
      if (!fitsScreen(start, { rows: this.#output.rows || 24, columns: this.width })) break;
    }
    const all = from(start, texts);
    this.#isPaging = true;
    try {
      if ((await page(findPagers(this.#env), all)) === "shown") return;
    } finally {
      this.#isPaging = false;
    }
    await writeStdout(all);
  }
}

async function* textsOf(pieces: Pieces): AsyncGenerator<string, undefined> {
  for await (const piece of pieces) {
    yield typeof piece === "string" ? piece : Buffer.from(piece).toString("utf8");
  }
  return undefined;
}

async function* from(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}
