/** A machine instruction, with what the debug information says of it; empty or 0 where it says nothing. */
export interface Instruction {
  /** In the file. */
  readonly address: bigint;
  readonly text: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

// Blanks as Go has them: JavaScript's \s means more.
const INSTRUCTION = /^([0-9a-f]{1,16}):[\t\n\f\r ]+(.*)$/is;
const PLACE = /^;?[\t\n\f\r ]?(.*):([0-9]+)/s;
const FUNCTION = /^;?[\t\n\f\r ]?([^\t\n\f\r ].*)\(\):/s;
const HEADING = /^(?:[0-9a-f]+)?[\t\n\f\r ]?(.*):/is;

const MAX_LINE_NUMBER = 2 ** 32 - 1;

/**
 * Reads what objdump prints with `--disassemble --line-numbers`, that of GNU and that of
 * LLVM: instructions, and between them lines that say where those that follow come from.
 * Any other line ends what is known of that.
 */
export class ObjdumpReader {
  readonly #take: (instruction: Instruction) => void;
  #function = "";
  #file = "";
  #line = 0;

  constructor(take: (instruction: Instruction) => void) {
    this.#take = take;
  }

  /** Takes a line without the white space around it. */
  line(line: string): void {
    const instruction = INSTRUCTION.exec(line);
    if (instruction) {
      this.#take({
        address: BigInt(`0x${instruction[1]}`),
        text: instruction[2],
        function: this.#function,
        file: this.#file,
        line: this.#line,
      });
      return;
    }
    const place = PLACE.exec(line);
    if (place) {
      const number = Number(place[2]);
      if (number <= MAX_LINE_NUMBER) [this.#file, this.#line] = [place[1], number];
      return;
    }
    const found = FUNCTION.exec(line) ?? HEADING.exec(line);
    if (found) {
      this.#function = found[1];
      return;
    }
    [this.#function, this.#file, this.#line] = ["", "", 0];
  }
}
