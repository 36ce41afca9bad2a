import { parseEncoding } from "./itanium-encoding.js";
import { parseExpression, parsePrimary } from "./itanium-expressions.js";
import { parseName } from "./itanium-names.js";
import { printTree } from "./itanium-print.js";
import { type Grammar, ParserState } from "./itanium-state.js";
import { parseType } from "./itanium-types.js";
import { fail, MAX_INPUT, NotMangled } from "./limits.js";
import type { DemangleStyle } from "./style.js";

const GRAMMAR: Grammar = {
  encoding: parseEncoding,
  name: parseName,
  type: parseType,
  expression: parseExpression,
  exprPrimary: parsePrimary,
};

/**
 * Demangles an Itanium C++ ABI name, `_Z...`, and compiler-specific names of blocks
 * (`___Z..._block_invoke`) and global constructors (`_GLOBAL__I_...`). Returns undefined for other
 * names.
 */
export function demangleItanium(symbol: string, style: DemangleStyle): string | undefined {
  if (!symbol.startsWith("_") || symbol.length > MAX_INPUT) {
    return undefined;
  }
  try {
    return demangle(symbol, style);
  } catch (error) {
    if (error instanceof NotMangled) {
      return undefined;
    }
    throw error;
  }
}

function demangle(symbol: string, style: DemangleStyle): string | undefined {
  if (symbol.startsWith("_Z")) {
    return demangleName(symbol, style, style === "full");
  }
  const block = /^__(_Z.*)_block_invoke(?:_?[0-9]*)(?:\..*)?$/s.exec(symbol)?.[1];
  if (block !== undefined) {
    return `invocation function for block in ${demangleName(block, style, style === "full")}`;
  }
  const global = /^_GLOBAL__([ID])_(.+)$/s.exec(symbol);
  if (global) {
    const [, kind = "", rest = ""] = global;
    const keyedTo = rest.startsWith("_Z") ? demangleName(rest, style, true) : `_${kind}_${rest}`;
    return `global ${kind === "I" ? "constructors" : "destructors"} keyed to ${keyedTo}`;
  }
  return undefined;
}

/** Demangles `_Z` <encoding>. */
function demangleName(symbol: string, style: DemangleStyle, params: boolean): string {
  const s = new ParserState(symbol, GRAMMAR);
  s.expect("_Z");
  const tree = parseEncoding(s, { nameOnly: !params });
  // Clone suffixes (`.constprop.0`, `.cold`) are never printed. If parameters are not printed, they
  // and everything after them are not even parsed. Text after special names, and an extra `E`, are
  // ignored.
  const complete = s.atEnd() || s.peek() === "." || s.peek() === "E" || tree.kind === "special";
  if (params && !complete) {
    fail();
  }
  return printTree(tree, {
    templateArgs: style !== "simplified",
    enclosingParams: style === "full",
  });
}
