/** A machine instruction. Fields from the debug information are empty or 0 if unknown. */
export interface Instruction {
  /** The address in the file. */
  readonly address: bigint;
  readonly text: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

// These spell out Go's \s, as JavaScript's matches more characters.
const INSTRUCTION = /^([0-9a-f]{1,16}):[\t\n\f\r ]+(.*)$/is;
const POSITION = /^;?[\t\n\f\r ]?(.*):([0-9]+)/s;
const FUNCTION = /^;?[\t\n\f\r ]?([^\t\n\f\r ].*)\(\):/s;
const HEADING = /^(?:[0-9a-f]+)?[\t\n\f\r ]?(.*):/is;

const MAX_LINE_NUMBER = 2 ** 32 - 1;

/**
 * Parses the output of GNU's or LLVM's `objdump --disassemble --line-numbers`. Lines with a
 * function, file and line apply to the instructions after them; any other line resets these.
 */
export class ObjdumpReader {
  readonly #onInstruction: (instruction: Instruction) => void;
  #function = "";
  #file = "";
  #line = 0;

  constructor(onInstruction: (instruction: Instruction) => void) {
    this.#onInstruction = onInstruction;
  }

  /** Parses a line without white space around it. */
  line(line: string): void {
    const instruction = INSTRUCTION.exec(line);
    if (instruction) {
      this.#onInstruction({
        address: BigInt(`0x${instruction[1]}`),
        text: instruction[2],
        function: this.#function,
        file: this.#file,
        line: this.#line,
      });
      return;
    }
    const position = POSITION.exec(line);
    if (position) {
      const number = Number(position[2]);
      if (number <= MAX_LINE_NUMBER) [this.#file, this.#line] = [position[1], number];
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
