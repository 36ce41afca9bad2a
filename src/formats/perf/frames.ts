import type { Budget } from "../../profile/budget.js";
import type { FunctionIndex, LocationIndex, MappingIndex } from "../../profile/indices.js";
import { NO_MAPPING } from "../../profile/indices.js";
import { MappingFlags } from "../../profile/profile.js";
import type { ProfileBuilder } from "../../profile/profile-builder.js";
import type { LineReader } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { mangledName } from "../mangled-name.js";
import { parseHex64 } from "../numbers.js";

/** The locations of perf's frames, without duplicates. */
export class PerfFrames {
  readonly #builder: ProfileBuilder;
  readonly #budget: Budget;
  readonly #locations = new Map<string, LocationIndex>();
  readonly #functions = new Map<string, FunctionIndex>();
  readonly #mangledFunctions = new Map<string, FunctionIndex>();
  readonly #mappings = new Map<string, MappingIndex>();

  constructor(builder: ProfileBuilder, budget: Budget) {
    this.#builder = builder;
    this.#budget = budget;
  }

  /** Returns the location of an address with `symbol+0xoffset (binary)`. */
  location(digits: string, symbolAndBinary: string, lines: LineReader): LocationIndex {
    const key = `${digits} ${symbolAndBinary}`;
    const known = this.#locations.get(key);
    if (known !== undefined) return known;
    const address = parseHex64(digits);
    if (address === undefined) {
      throw malformedLine("perf script output", lines, "an address exceeds 64 bits");
    }
    this.#budget.chargeText(key);
    const { symbol, binary } = splitSymbol(symbolAndBinary);
    const fn = symbol === UNKNOWN || symbol === "" ? undefined : this.#function(symbol, binary);
    const location = this.#builder.addLocation({
      address,
      mapping: this.#mapping(binary),
      lines: fn === undefined ? [] : [{ function: fn }],
    });
    this.#locations.set(key, location);
    return location;
  }

  /** Returns the function of a symbol, which perf has already demangled in most cases. */
  #function(name: string, binary: string): FunctionIndex {
    const systemName = mangledName(name, binary);
    const functions = systemName === "" ? this.#functions : this.#mangledFunctions;
    let fn = functions.get(name);
    if (fn === undefined) {
      this.#budget.chargeText(name);
      fn = this.#builder.addFunction({ name, systemName });
      functions.set(name, fn);
    }
    return fn;
  }

  #mapping(file: string): MappingIndex {
    if (file === "" || file === UNKNOWN || file === "inlined") return NO_MAPPING;
    let mapping = this.#mappings.get(file);
    if (mapping === undefined) {
      this.#budget.chargeText(file);
      // The address range is unknown. Names are known, so symbolization is not needed.
      const flags = MappingFlags.functions;
      mapping = this.#builder.addMapping({ start: 0, limit: 0, file, flags });
      this.#mappings.set(file, mapping);
    }
    return mapping;
  }
}

const UNKNOWN = "[unknown]";

/** The end of a symbol, if perf prints the offset of the address within it. */
const OFFSET = /\+0x[0-9a-f]+(?: \(|$)/;

/** Splits symbol and binary. Both may contain blanks and brackets. */
function splitSymbol(symbolAndBinary: string): { symbol: string; binary: string } {
  const text = symbolAndBinary.trimEnd();
  const offset = OFFSET.exec(text);
  const hasBinary = text.endsWith(")");
  if (offset) {
    const end = offset.index + offset[0].length;
    return { symbol: text.slice(0, offset.index), binary: hasBinary ? text.slice(end, -1) : "" };
  }
  const isDeleted = text.endsWith(`${DELETED})`);
  const start = text.lastIndexOf(" (", isDeleted ? text.length - DELETED.length - 2 : undefined);
  if (!hasBinary || start < 0) return { symbol: text, binary: "" };
  return { symbol: text.slice(0, start), binary: text.slice(start + 2, -1) };
}

const DELETED = " (deleted)";
