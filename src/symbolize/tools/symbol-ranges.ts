import { LineSplitter } from "./line-splitter.js";
import { runTool, type ToolLimits } from "./tool-process.js";

/** The range of a file from one symbol to the next. */
export interface SymbolRange {
  /** The mangled names of the symbols at `start`, at least one. */
  readonly names: readonly string[];
  readonly start: bigint;
  /** The last address before the next symbol; all ones for the last symbol. */
  readonly end: bigint;
}

/** Returns the symbols of a file that contain one of `addresses`, which must be sorted. */
export async function symbolsAround(
  program: string,
  file: string,
  addresses: readonly bigint[],
  limits?: ToolLimits,
): Promise<SymbolRange[]> {
  const found: SymbolRange[] = [];
  let names: string[] = [];
  let start = 0n;
  const finish = (next: bigint) => {
    const end = BigInt.asUintN(64, next - 1n);
    if (names.length > 0 && hasOneIn(addresses, start, end)) found.push({ names, start, end });
  };
  const lines = new LineSplitter((line) => {
    const match = SYMBOL.exec(line);
    if (!match) return;
    const address = BigInt(`0x${match[1]}`);
    if (address === start) {
      names.push(match[2]);
    } else {
      finish(address);
      [names, start] = [[match[2]], address];
    }
  });
  await runTool(program, ["-n", file], [], (piece) => lines.push(piece), limits);
  lines.finish();
  finish(0n);
  return found;
}

/** `address kind name`. Symbols that are defined elsewhere have no address. */
const SYMBOL = /^([0-9a-f]{1,16})[\t\n\f\r ]+.[\t\n\f\r ]+(.*)$/isu;

/** Returns whether any of `addresses`, which are sorted, is between `start` and `end`. */
function hasOneIn(addresses: readonly bigint[], start: bigint, end: bigint): boolean {
  let low = 0;
  let high = addresses.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (addresses[middle] < start) low = middle + 1;
    else high = middle;
  }
  return low < addresses.length && addresses[low] <= end;
}
