import type { Budget } from "../../profile/budget.js";

/** The memory of a position, and of the beginning of a line, in bytes. */
const POSITION_BYTES = 60;
const LINE_BYTES = 8;

/** More functions than V8 inlines into each other. */
const MAX_INLINED = 100;

/** A position in a function, and the function that it has inlined there. */
interface SourcePosition {
  /** The offset in the script. */
  readonly position: number;
  /** The index in the inlined functions of the code; undefined for the innermost function. */
  readonly inlined: number | undefined;
}

interface Position {
  readonly code: number;
  readonly source: number;
  /** The index of the inlined call that contains the position; undefined for the outer function. */
  readonly call: number | undefined;
}

interface InlinedCall {
  readonly fn: number;
  readonly source: number;
  readonly caller: number | undefined;
}

/**
 * The source positions of a code. V8 writes `C` with an offset in the code, `O` with an offset in
 * the script, and `I` with the index of the inlined call. Each inlined call has `F` with the index
 * of the function, `O` with the position of the call, and `I` with the call that contains it.
 */
export class CodePositions {
  readonly #positions: Position[] = [];
  readonly #calls: InlinedCall[] = [];

  constructor(positions: string, inlined: string, budget: Budget) {
    for (const [, code, source, call] of positions.matchAll(/C(\d+)O(\d+)(?:I(\d+))?/g)) {
      budget.charge(POSITION_BYTES);
      this.#positions.push({ code: Number(code), source: Number(source), call: index(call) });
    }
    for (const [, fn, source, caller] of inlined.matchAll(/F(\d+)O(\d+)(?:I(\d+))?/g)) {
      budget.charge(POSITION_BYTES);
      this.#calls.push({ fn: Number(fn), source: Number(source), caller: index(caller) });
    }
    this.#positions.sort((a, b) => a.code - b.code);
  }

  /** Returns the positions at an offset in the code, outermost function first. */
  at(offset: number): SourcePosition[] {
    let low = 0;
    let high = this.#positions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#positions[middle].code <= offset) low = middle + 1;
      else high = middle;
    }
    const found = this.#positions[low - 1];
    if (!found) return [];
    const result: SourcePosition[] = [{ position: found.source, inlined: undefined }];
    let { call } = found;
    while (call !== undefined && result.length < MAX_INLINED) {
      const inlined: InlinedCall | undefined = this.#calls[call];
      if (!inlined) break;
      result.push({ position: inlined.source, inlined: inlined.fn });
      call = inlined.caller;
    }
    return result.reverse();
  }
}

function index(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

/** The offsets in a text where lines begin. */
export class LineStarts {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string, budget: Budget) {
    this.#length = text.length;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      budget.charge(LINE_BYTES);
      this.#starts.push(at + 1);
    }
  }

  /** Returns the line of an offset, from 1; 0 if the text is empty. */
  lineAt(offset: number): number {
    if (this.#length === 0) return 0;
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
