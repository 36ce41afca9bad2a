import { decodeUtf8 } from "../../profile/utf8.js";
import { runTool, type ToolLimits } from "./tool-process.js";

/** nm's letters for symbols of data. `W` is mostly data, too. */
const DATA_LETTERS = "bBdDrRvVW";

/** The symbols of a binary, in the order of their addresses in the file. */
export class SymbolTable {
  readonly #bytes: Buffer;
  /** The position of each line in the bytes, and the length of the name at its start. */
  readonly #lines: readonly { readonly start: number; readonly nameLength: number }[];
  readonly #addresses: BigUint64Array;
  readonly #sizes: BigUint64Array;

  /** Parses the output of `nm --numeric-sort --print-size --format=posix`. */
  constructor(bytes: Buffer) {
    const lines: { start: number; nameLength: number }[] = [];
    const addresses: bigint[] = [];
    const sizes: bigint[] = [];
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      const line = parseLine(bytes, start, end);
      if (line) {
        lines.push({ start, nameLength: line.nameLength });
        addresses.push(line.address);
        sizes.push(line.size);
      }
      start = end + 1;
    }
    this.#bytes = bytes;
    this.#lines = lines;
    this.#addresses = BigUint64Array.from(addresses);
    this.#sizes = BigUint64Array.from(sizes);
  }

  /** Returns the mangled name of the symbol that contains an address, or undefined. */
  nameAt(address: bigint): string | undefined {
    const row = this.#find(address);
    if (row === undefined) return undefined;
    const { start, nameLength } = this.#lines[row];
    const kind = String.fromCharCode(this.#bytes[start + nameLength + 1]);
    // There may be gaps between data symbols. Gaps between functions do not matter.
    if (DATA_LETTERS.includes(kind) && address >= this.#endOf(row)) return undefined;
    return decodeUtf8(this.#bytes, start, start + nameLength);
  }

  /**
   * Returns the symbol at or before an address. If several have the same address, returns the one
   * that pprof's binary search finds, so that both show the same name.
   */
  #find(address: bigint): number | undefined {
    const count = this.#addresses.length;
    if (count === 0 || address < this.#addresses[0] || address >= this.#endOf(count - 1)) {
      return undefined;
    }
    let low = 0;
    let high = count;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      const at = this.#addresses[middle];
      if (address === at) return middle;
      if (address > at) low = middle;
      else high = middle;
    }
    return low;
  }

  #endOf(row: number): bigint {
    return BigInt.asUintN(64, this.#addresses[row] + this.#sizes[row]);
  }
}

const NEWLINE = 10;
const SPACE = 32;

/** Parses `name kind address size`. Returns undefined for other lines. */
function parseLine(
  bytes: Buffer,
  start: number,
  end: number,
): { nameLength: number; address: bigint; size: bigint } | undefined {
  const nameEnd = bytes.indexOf(SPACE, start);
  if (nameEnd <= start || nameEnd >= end) return undefined;
  // Only the name may contain characters beyond ASCII.
  const match = /^ \S+ ([0-9a-f]{1,16}) ([0-9a-f]{1,16})\s*$/i.exec(
    bytes.toString("latin1", nameEnd, end),
  );
  if (!match) return undefined;
  return {
    nameLength: nameEnd - start,
    address: BigInt(`0x${match[1]}`),
    size: BigInt(`0x${match[2]}`),
  };
}

/** Reads the symbols of a binary with nm. Throws a BinaryError if the program fails. */
export async function readSymbols(
  program: string,
  file: string,
  limits?: ToolLimits,
): Promise<SymbolTable> {
  const pieces: Buffer[] = [];
  const args = ["--numeric-sort", "--print-size", "--format=posix", file];
  await runTool(program, args, [], (piece) => pieces.push(piece), limits);
  return new SymbolTable(Buffer.concat(pieces));
}
