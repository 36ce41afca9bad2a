import type { Elaborated, FunctionSpec, FunctionType, MethodQuals, Node } from "./itanium-ast.js";
import { NO_QUALS } from "./itanium-ast.js";
import { parseCv, parseModuleName, parseSourceName } from "./itanium-lexical.js";
import { expansionOf, withoutVoid } from "./itanium-nodes.js";
import { isDigit, type ParserState } from "./itanium-state.js";
import { findSubstitution, templateParamAt } from "./itanium-substitution.js";
import { BUILTIN_TYPES, D_BUILTIN_TYPES } from "./itanium-tables.js";
import { parseTemplate, parseTemplateArgs } from "./itanium-template-args.js";
import { parseUnqualifiedName } from "./itanium-unqualified.js";
import { fail, NotMangled } from "./limits.js";

const ELABORATED: Readonly<Record<string, string>> = { s: "struct", u: "union", e: "enum" };

export function parseType(s: ParserState): Node {
  s.step();
  return s.nested(() => {
    const builtin = BUILTIN_TYPES.get(s.peek());
    if (builtin !== undefined) {
      s.pos++;
      return { kind: "builtin", text: builtin };
    }
    const type = parseCompoundType(s);
    if (type.substitutable) {
      s.addSubstitution(type.node);
    }
    return type.node;
  });
}

interface Parsed {
  readonly node: Node;
  /** False for builtin types and for types that are already substitutions. */
  readonly substitutable: boolean;
}

const yes = (node: Node): Parsed => ({ node, substitutable: true });
const no = (node: Node): Parsed => ({ node, substitutable: false });

function parseCompoundType(s: ParserState): Parsed {
  const c = s.peek();
  switch (c) {
    case "r":
    case "V":
    case "K":
      return yes(parseQualified(s));
    case "P":
      s.pos++;
      return yes({ kind: "suffixed", base: parseType(s), suffix: "*" });
    case "R":
      s.pos++;
      return yes({ kind: "suffixed", base: parseType(s), suffix: "&" });
    case "O":
      s.pos++;
      return yes({ kind: "suffixed", base: parseType(s), suffix: "&&" });
    case "C":
      s.pos++;
      return yes({ kind: "suffixed", base: parseType(s), suffix: " _Complex" });
    case "G":
      s.pos++;
      return yes({ kind: "suffixed", base: parseType(s), suffix: " _Imaginary" });
    case "F":
      return yes(parseFunctionType(s, NO_QUALS, []));
    case "A":
      return yes(parseArray(s));
    case "M": {
      s.pos++;
      const owner = parseType(s);
      return yes({ kind: "memberPointer", owner, member: parseType(s) });
    }
    case "T":
      return parseTemplateParamType(s);
    case "S":
      return parseSubstitutionType(s);
    case "D":
      return parseDType(s);
    case "U":
      if (s.peek(1) === "l" || s.peek(1) === "t") {
        return yes(s.grammar.name(s));
      }
      return yes(parseVendorQualified(s));
    case "u":
      return yes(parseVendorType(s));
    default:
      return isDigit(c) || c === "N" || c === "Z" || c === "W" ? yes(s.grammar.name(s)) : fail();
  }
}

/** <qualified-type>; on a function type the qualifiers apply to `this`. */
function parseQualified(s: ParserState): Node {
  const quals = parseCv(s);
  if (s.peek() === "F" || (s.peek() === "D" && "oOwx".includes(s.peek(1) || "?"))) {
    const specs = parseExceptionSpecs(s);
    return parseFunctionType(s, { cv: quals, ref: "" }, specs);
  }
  const base = parseType(s);
  return { kind: "cv", base, quals };
}

/** <exception-spec>, and `Dx` for transaction_safe. */
function parseExceptionSpecs(s: ParserState): FunctionSpec[] {
  const specs: FunctionSpec[] = [];
  for (;;) {
    if (s.accept("Dx")) {
      specs.push({ text: "transaction_safe", args: undefined });
    } else if (s.accept("Do")) {
      specs.push({ text: "noexcept", args: undefined });
    } else if (s.accept("DO")) {
      const expr = s.grammar.expression(s);
      s.expect("E");
      specs.push({ text: "noexcept", args: [expr] });
    } else if (s.accept("Dw")) {
      specs.push({ text: "throw", args: parseTypesUntil(s, "E") });
    } else {
      return specs;
    }
  }
}

function parseTypesUntil(s: ParserState, end: string): Node[] {
  const types: Node[] = [];
  while (!s.accept(end)) {
    types.push(parseType(s));
  }
  return types;
}

function parseFunctionType(
  s: ParserState,
  quals: MethodQuals,
  specs: readonly FunctionSpec[],
): FunctionType {
  s.expect("F");
  // extern "C"
  s.accept("Y");
  const ret = parseType(s);
  const params: Node[] = [];
  let ref: MethodQuals["ref"] = "";
  for (;;) {
    if (s.accept("E")) {
      break;
    }
    if (s.accept("RE")) {
      ref = "&";
      break;
    }
    if (s.accept("OE")) {
      ref = "&&";
      break;
    }
    params.push(parseType(s));
  }
  return {
    kind: "function",
    ret,
    params: withoutVoid(params),
    specs,
    quals: ref === "" ? quals : { cv: quals.cv, ref },
    explicitThis: false,
  };
}

function parseArray(s: ParserState): Node {
  s.expect("A");
  let dimension: Node | undefined;
  if (isDigit(s.peek())) {
    dimension = { kind: "text", text: s.signedDigits() };
  } else if (s.peek() !== "_") {
    dimension = s.grammar.expression(s);
  }
  s.expect("_");
  return { kind: "array", dimension, element: parseType(s) };
}

export function parseTemplateParam(s: ParserState): Node {
  s.expect("T");
  // A parameter of an outer level; printed by its position.
  if (s.accept("L")) {
    const level = s.number();
    s.expect("_");
    const index = s.compactNumber();
    return { kind: "text", text: `TL${level}_${index === 0 ? "" : index - 1}` };
  }
  return templateParamAt(s, s.compactNumber());
}

/** <template-param> as a type, <template-template-param> <template-args>, or `Ts` and similar. */
function parseTemplateParamType(s: ParserState): Parsed {
  const keyword = ELABORATED[s.peek(1)];
  if (keyword !== undefined) {
    s.pos += 2;
    const type: Elaborated = { kind: "elaborated", keyword, type: s.grammar.name(s) };
    return yes(type);
  }
  const param = parseTemplateParam(s);
  if (s.peek() !== "I") {
    return yes(param);
  }
  return parseTemplateTemplateParam(s, param, true);
}

/**
 * <template-template-param> <template-args>, or just the parameter. In a conversion operator
 * `T_I...E` is either a template template parameter with arguments, or a parameter followed by the
 * arguments of the operator. It is the former only if the operator's arguments follow.
 */
function parseTemplateTemplateParam(s: ParserState, param: Node, substitutable: boolean): Parsed {
  const undo = s.mark();
  const { depth, inConversionType } = s;
  const alone: Parsed = { node: param, substitutable };
  try {
    if (substitutable) {
      s.addSubstitution(param);
    }
    const args = parseTemplateArgs(s);
    if (!inConversionType || s.peek() === "I") {
      return yes({ kind: "template", name: param, args });
    }
  } catch (error) {
    if (!inConversionType || !(error instanceof NotMangled)) {
      throw error;
    }
    s.depth = depth;
    s.inConversionType = true;
    // Charges the failed attempt, so that nested attempts do not take exponential time.
    s.steps += 1000;
  }
  undo();
  return alone;
}

/** A type that starts with a <substitution>. */
function parseSubstitutionType(s: ParserState): Parsed {
  if (s.peek(1) === "t") {
    return yes(s.grammar.name(s));
  }
  const node = findSubstitution(s, false);
  if (node.kind === "moduleName") {
    const name = parseUnqualifiedName(s, undefined, parseModuleName(s, node));
    if (s.peek() !== "I") {
      return yes(name);
    }
    s.addSubstitution(name);
    return yes(parseTemplate(s, name));
  }
  if (s.peek() !== "I") {
    return no(node);
  }
  if (node.kind === "templateParam" && s.inConversionType) {
    return parseTemplateTemplateParam(s, node, false);
  }
  return yes(parseTemplate(s, node));
}

/** Types that start with `D`. */
function parseDType(s: ParserState): Parsed {
  const letter = s.peek(1);
  const builtin = D_BUILTIN_TYPES.get(letter);
  if (builtin !== undefined) {
    s.pos += 2;
    return no({ kind: "builtin", text: builtin });
  }
  switch (letter) {
    case "t":
    case "T":
      return yes(parseDecltype(s));
    case "p": {
      s.pos += 2;
      const base = parseType(s);
      return yes(expansionOf(s, base));
    }
    case "v":
      return yes(parseVector(s));
    case "o":
    case "O":
    case "w":
    case "x":
      return yes(parseFunctionType(s, NO_QUALS, parseExceptionSpecs(s)));
    case "F":
      return no(parseFixedFloat(s));
    case "B":
    case "U":
      return yes(parseBitInt(s));
    default:
      return fail();
  }
}

/** `Dt` / `DT` <expression> `E` */
export function parseDecltype(s: ParserState): Node {
  if (!s.accept("Dt")) {
    s.expect("DT");
  }
  const expr = s.grammar.expression(s);
  s.expect("E");
  return { kind: "decltype", expr };
}

/** <vector-type>: `Dv <number> _ <type>`, `Dv _ <expression> _ <type>` */
function parseVector(s: ParserState): Node {
  s.expect("Dv");
  let dimension: Node;
  if (s.accept("_")) {
    dimension = s.grammar.expression(s);
  } else {
    dimension = { kind: "text", text: String(s.number()) };
  }
  s.expect("_");
  return { kind: "vector", dimension, base: parseType(s) };
}

/** `DF <number> _`: _FloatN; `DF <number> <type>` */
function parseFixedFloat(s: ParserState): Node {
  s.expect("DF");
  const bits = s.number();
  if (s.accept("_")) {
    return { kind: "builtin", text: `_Float${bits}` };
  }
  if (s.peek() === "x") {
    fail();
  }
  // A fixed-point type. (In GCC 13 `DF16b` is std::bfloat16_t; pprof's demangler differs.)
  return { kind: "suffixed", base: parseType(s), suffix: " _Accum" };
}

/** `DB <number> _`, `DU <number> _` */
function parseBitInt(s: ParserState): Node {
  const name = s.text.charAt(s.pos + 1) === "U" ? "unsigned _BitInt" : "_BitInt";
  s.pos += 2;
  const size: Node = isDigit(s.peek())
    ? { kind: "text", text: String(s.number()) }
    : s.grammar.expression(s);
  s.expect("_");
  return { kind: "applied", name, args: [size] };
}

/** `U <source-name> [<template-args>] <type>` */
function parseVendorQualified(s: ParserState): Node {
  s.expect("U");
  const name = parseSourceName(s);
  const qual: Node = s.peek() === "I" ? parseTemplate(s, name) : name;
  return { kind: "vendorQualified", qual, base: parseType(s) };
}

/** `u <source-name> [<template-args>]` */
function parseVendorType(s: ParserState): Node {
  s.expect("u");
  const name = parseSourceName(s);
  if (s.peek() !== "I") {
    return name;
  }
  return { kind: "applied", name: name.text, args: parseTemplateArgs(s) };
}
