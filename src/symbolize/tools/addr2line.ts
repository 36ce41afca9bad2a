import type { Frame } from "../../transforms/symbolize.js";
import { BinaryError } from "../binaries/binary-error.js";
import type { Frames } from "./frames.js";
import { LineSplitter } from "./line-splitter.js";
import { runTool, type ToolLimits } from "./tool-process.js";

/**
 * Asks addr2line for `addresses`, which are those of the file, and puts the answers into
 * `frames` as they come. Throws a BinaryError where the program fails.
 */
export async function askAddr2line(
  program: string,
  file: string,
  addresses: readonly bigint[],
  frames: Frames,
  limits?: ToolLimits,
): Promise<void> {
  const reader = new Addr2lineReader(addresses, frames);
  const lines = new LineSplitter((line) => reader.line(line));
  const take = (piece: Buffer) => lines.push(piece);
  // The address first, inlined calls too, and functions.
  await runTool(program, ["-aif", "-e", file], hexLines(addresses), take, limits);
  lines.finish();
  reader.finish();
}

function* hexLines(addresses: readonly bigint[]): Generator<string> {
  for (const address of addresses) yield `${address.toString(16)}\n`;
}

/**
 * Reads what addr2line prints: for each address a line with it, and then two lines for
 * each frame, with the function and the place.
 */
class Addr2lineReader {
  readonly #addresses: readonly bigint[];
  readonly #frames: Frames;
  readonly #texts = new Map<string, string>();
  #next = 0;
  #stack: Frame[] = [];
  #name: string | undefined;

  constructor(addresses: readonly bigint[], frames: Frames) {
    this.#addresses = addresses;
    this.#frames = frames;
  }

  line(line: string): void {
    if (this.#name !== undefined) {
      const frame = parseFrame(this.#name, line);
      this.#name = undefined;
      if (frame.name !== "" || frame.file !== "" || frame.line !== 0) {
        const [name, file] = [this.#shared(frame.name), this.#shared(frame.file)];
        this.#stack.push({ ...frame, name, file });
      }
    } else if (this.#isNextAddress(line)) {
      this.finish();
      this.#next++;
    } else if (this.#next === 0) {
      throw new BinaryError("addr2line printed something else than addresses");
    } else {
      this.#name = line;
    }
  }

  /** The answer for the last address is whole. */
  finish(): void {
    if (this.#next > 0) this.#frames[this.#next - 1] = this.#stack;
    this.#stack = [];
  }

  #isNextAddress(line: string): boolean {
    if (!line.startsWith("0x") || this.#next === this.#addresses.length) return false;
    return line.replace(/^0x0*(?=.)/, "") === this.#addresses[this.#next].toString(16);
  }

  /** The same few functions and files come again and again. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

function parseFrame(name: string, place: string): Frame {
  return { name: name === "??" ? "" : name, ...parsePlace(place), column: 0, startLine: 0 };
}

/** `file:line`, perhaps with a discriminator, which tells parts of a line apart. */
function parsePlace(place: string): { file: string; line: number } {
  if (place === "??:0") return { file: "", line: 0 };
  const text = place.includes(":") ? place.replace(/(?<=.) \(discriminator.*$/s, "") : place;
  const match = /^(.*):([+-]?[0-9]{1,15})$/s.exec(text);
  return match ? { file: match[1], line: Number(match[2]) } : { file: text, line: 0 };
}
