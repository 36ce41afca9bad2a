import type { Budget } from "../../profile/budget.js";
import { type LineReader, trimSpace } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { parseHex64, parseInt64 } from "../numbers.js";
import type { AddressSymbol } from "./address-profile.js";
import type { AddressSamples } from "./address-samples.js";

const LOCATION = /^[\t\n\f\r ]*0x([0-9a-fA-F]+)[\t\n\f\r ]+(.*)$/s;

/** The memory of a symbol without its text, including map entries, in bytes. */
const SYMBOL_BYTES = 200;

/**
 * Reads the end of a Java profile, from the current line on if `includesCurrent`: the symbol of
 * each address, `0x2a com.example.Main.run (Main.java:7)`. Returns symbols by index of the address;
 * the last one counts if there are several. Charges them to `budget`.
 */
export function readJavaLocations(
  lines: LineReader,
  samples: AddressSamples,
  includesCurrent: boolean,
  budget: Budget,
): Map<number, AddressSymbol> {
  const symbols = new Map<number, AddressSymbol>();
  /** The first file of each function. */
  const files = new Map<string, string>();
  for (let more = includesCurrent || lines.next(); more; more = lines.next()) {
    const match = LOCATION.exec(trimSpace(lines.line));
    if (!match) continue;
    const address = parseHex64(match[1]);
    if (address === undefined) {
      throw malformedLine("Java profile", lines, "an address exceeds 64 bits");
    }
    const index = samples.indexOf(address);
    if (index === undefined) continue;
    // Names are slices of the line, which stays in memory.
    budget.chargeText(lines.line);
    budget.charge(SYMBOL_BYTES);
    const symbol = parseSymbol(match[2]);
    const filename = files.get(symbol.name) ?? symbol.filename;
    files.set(symbol.name, filename);
    symbols.set(index, { ...symbol, filename });
  }
  return symbols;
}

/** Parses `function (file:line)`, `function (library)`, or a state of the JVM such as `GC`. */
function parseSymbol(text: string): AddressSymbol {
  const suffix = /:(-?[0-9]+)\)$/.exec(text);
  const open = suffix ? openingBefore(text, suffix.index - 1) : -1;
  if (suffix && open >= 0) {
    const line = parseInt64(suffix[1]);
    return {
      name: text.slice(0, open - 1),
      filename: text.slice(open + 1, suffix.index),
      line: line !== undefined && line > 0 ? line : 0,
    };
  }
  const libraryOpen = text.endsWith(")") ? openingBefore(text, text.length - 1) : -1;
  if (libraryOpen >= 0) {
    const path = text.slice(libraryOpen + 1, -1);
    return { name: text.slice(0, libraryOpen - 1), filename: baseName(path), line: 0 };
  }
  const isStub = text.includes("generated stub/JIT");
  return { name: isStub ? "STUB" : text, filename: "", line: 0 };
}

/** Returns the position of the last `(` before `end` that follows white space, or -1. */
function openingBefore(text: string, end: number): number {
  let open = end;
  do {
    if (open <= 0) return -1;
    open = text.lastIndexOf("(", open - 1);
  } while (open > 0 && !/[\t\n\f\r ]/.test(text[open - 1]));
  return open > 0 ? open : -1;
}

/** Returns the last element of a path, like Go's `filepath.Base`. */
function baseName(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  if (end === 0) return path === "" ? "." : "/";
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}
