import type { Frame } from "../../transforms/symbolize.js";
import { BinaryError } from "../binaries/binary-error.js";
import type { Frames } from "./frames.js";
import { LineSplitter } from "./line-splitter.js";
import { runTool, type ToolLimits } from "./tool-process.js";

/** Stores the frames of `addresses` as addr2line answers. Throws a BinaryError if it fails. */
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
  // Print each address (-a), with inlined calls (-i) and function names (-f).
  await runTool(program, ["-aif", "-e", file], hexLines(addresses), take, limits);
  lines.finish();
  reader.finish();
}

function* hexLines(addresses: readonly bigint[]): Generator<string> {
  for (const address of addresses) yield `${address.toString(16)}\n`;
}

/** Parses addr2line's output: an address, then a function and a position for each frame. */
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
      throw new BinaryError("addr2line printed no addresses");
    } else {
      this.#name = line;
    }
  }

  /** Stores the frames of the last address. */
  finish(): void {
    if (this.#next > 0) this.#frames[this.#next - 1] = this.#stack;
    this.#stack = [];
  }

  #isNextAddress(line: string): boolean {
    if (!line.startsWith("0x") || this.#next === this.#addresses.length) return false;
    return line.replace(/^0x0*(?=.)/, "") === this.#addresses[this.#next].toString(16);
  }

  /** Returns one shared copy of equal names, as few functions and files make up most of the output. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

function parseFrame(name: string, position: string): Frame {
  return { name: name === "??" ? "" : name, ...parsePosition(position), column: 0, startLine: 0 };
}

/** Parses `file:line`. A discriminator, which distinguishes parts of a line, may follow. */
function parsePosition(position: string): { file: string; line: number } {
  if (position === "??:0") return { file: "", line: 0 };
  const text = position.includes(":")
    ? position.replace(/(?<=.) \(discriminator.*$/s, "")
    : position;
  const match = /^(.*):([+-]?[0-9]{1,15})$/s.exec(text);
  return match ? { file: match[1], line: Number(match[2]) } : { file: text, line: 0 };
}
