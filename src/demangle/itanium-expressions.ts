import type { InitList, Node } from "./itanium-ast.js";
import { parseCv, parseSourceName } from "./itanium-lexical.js";
import { expansionOf, findPack, isBuiltin } from "./itanium-nodes.js";
import { operator, parseOperatorExpression } from "./itanium-operators.js";
import { parseRequires } from "./itanium-requires.js";
import { isDigit, type ParserState } from "./itanium-state.js";
import { findSubstitution, STD } from "./itanium-substitution.js";
import { parseTemplate, parseTemplateArg, withTemplateArgs } from "./itanium-template-args.js";
import { parseTemplateParam, parseType } from "./itanium-types.js";
import { parseOperatorName, parseUnqualifiedName } from "./itanium-unqualified.js";
import { fail } from "./limits.js";

export function parseExpression(s: ParserState): Node {
  s.step();
  return s.nested(() => parseSpecialExpression(s) ?? parseOperatorExpression(s));
}

/** Parses expressions that do not start with an operator's code; returns undefined for others. */
function parseSpecialExpression(s: ParserState): Node | undefined {
  const c = s.peek();
  if (c === "L") {
    return parsePrimary(s);
  }
  if (c === "T") {
    return parseTemplateParam(s);
  }
  if (c === "S") {
    return parseStdExpression(s);
  }
  if (isDigit(c)) {
    return parseSimpleId(s);
  }
  switch (s.text.slice(s.pos, s.pos + 2)) {
    case "sr":
      return parseUnresolvedName(s);
    case "on":
      s.pos += 2;
      return withTemplateArgs(s, isDigit(s.peek()) ? parseSourceName(s) : parseOperatorName(s));
    case "dn":
      return parseDestructorName(s);
    case "sp":
      s.pos += 2;
      return expansionOf(s, parseExpression(s));
    case "sZ": {
      s.pos += 2;
      const expr = parseExpression(s);
      return { kind: "sizeofPack", expr, expanded: findPack(s, expr) };
    }
    case "sP": {
      s.pos += 2;
      const args: Node[] = [];
      while (!s.accept("E")) {
        args.push(parseTemplateArg(s));
      }
      return { kind: "sizeofArgs", args };
    }
    case "fp":
      s.pos += 2;
      return parseFunctionParam(s);
    case "fL":
      if (isDigit(s.peek(2))) {
        s.pos += 2;
        // The nesting level of the parameter scope; not printed.
        s.number();
        s.expect("p");
        return parseFunctionParam(s);
      }
      return parseFold(s);
    case "fl":
    case "fr":
    case "fR":
      return parseFold(s);
    case "tl": {
      s.pos += 2;
      const type = parseType(s);
      return parseInitList(s, type);
    }
    case "il":
      s.pos += 2;
      return parseInitList(s, undefined);
    case "so":
      return parseSubobject(s);
    case "mc": {
      s.pos += 2;
      const type = parseType(s);
      const expr = parseExpression(s);
      const offset = parseOffset(s);
      s.expect("E");
      return { kind: "memberPointerCast", type, expr, offset };
    }
    case "rq":
    case "rQ":
      return parseRequires(s);
    case "tr":
      s.pos += 2;
      return { kind: "nullary", op: operator("tr") };
    default:
      return c === "u" ? parseVendorExpression(s) : undefined;
  }
}

function parseSimpleId(s: ParserState): Node {
  return withTemplateArgs(s, parseUnqualifiedName(s, undefined));
}

/** A name in `std`, or a substitution. */
function parseStdExpression(s: ParserState): Node {
  const start = findSubstitution(s, false);
  if (start === STD) {
    const name = parseUnqualifiedName(s, undefined);
    return withTemplateArgs(s, { kind: "qualified", scope: STD, name, local: false });
  }
  return withTemplateArgs(s, start);
}

/** <unresolved-name> that starts with `sr`. */
function parseUnresolvedName(s: ParserState): Node {
  s.expect("sr");
  let scope: Node;
  if (s.accept("N")) {
    // <unresolved-type>; GCC writes any <type> here.
    scope = isDigit(s.peek()) ? parseQualifierLevel(s) : parseType(s);
    while (!s.accept("E")) {
      scope = qualify(scope, parseQualifierLevel(s));
    }
  } else if (isDigit(s.peek())) {
    scope = parseQualifierLevel(s);
    while (!s.accept("E")) {
      if (!isDigit(s.peek())) {
        // Old compilers write the name right after its scope: it was the last name read.
        return scope;
      }
      scope = qualify(scope, parseQualifierLevel(s));
    }
  } else {
    scope = parseType(s);
  }
  return qualify(scope, parseBaseUnresolvedName(s));
}

/**
 * <unresolved-qualifier-level>. In the ABI no part of it is substitutable, but GCC and clang
 * differ, and pprof's demangler counts the names of templates.
 */
function parseQualifierLevel(s: ParserState): Node {
  const name = parseUnqualifiedName(s, undefined);
  if (s.peek() !== "I") {
    return name;
  }
  s.addSubstitution(name);
  return parseTemplate(s, name);
}

function qualify(scope: Node, name: Node): Node {
  return { kind: "qualified", scope, name, local: false };
}

function parseBaseUnresolvedName(s: ParserState): Node {
  if (isDigit(s.peek())) {
    return parseSimpleId(s);
  }
  if (s.accept("on")) {
    return withTemplateArgs(s, parseOperatorName(s));
  }
  if (s.peek() === "d" && s.peek(1) === "n") {
    return parseDestructorName(s);
  }
  return withTemplateArgs(s, parseOperatorName(s));
}

/** `dn` <destructor-name> */
function parseDestructorName(s: ParserState): Node {
  s.expect("dn");
  const name = isDigit(s.peek()) ? parseSimpleId(s) : parseType(s);
  return { kind: "ctorDtor", tilde: true, name };
}

/** <expr-primary> */
export function parsePrimary(s: ParserState): Node {
  return s.nested(() => {
    s.expect("L");
    if (s.peek() === "_" || s.peek() === "Z") {
      s.accept("_");
      s.expect("Z");
      const encoding = s.grammar.encoding(s);
      s.expect("E");
      return encoding;
    }
    const type = parseType(s);
    if (isBuiltin(type, "decltype(nullptr)")) {
      s.accept("0");
      s.expect("E");
      return type;
    }
    if (s.accept("E")) {
      return type.kind === "array" || type.kind === "lambda"
        ? { kind: "stringLiteral", type }
        : fail();
    }
    const negative = s.accept("n");
    const end = s.text.indexOf("E", s.pos);
    if (end <= s.pos) {
      fail();
    }
    const value = s.text.slice(s.pos, end);
    s.pos = end + 1;
    return { kind: "literal", type, value, negative };
  });
}

/** <function-param> after `fp` or `fL n p` */
function parseFunctionParam(s: ParserState): Node {
  if (s.accept("T")) {
    return { kind: "functionParam", number: 0 };
  }
  parseCv(s);
  return { kind: "functionParam", number: s.compactNumber() + 1 };
}

/** <fold-expression> */
function parseFold(s: ParserState): Node {
  s.expect("f");
  const form = s.next();
  const op = parseOperatorName(s);
  const first = parseExpression(s);
  const second = form === "L" || form === "R" ? parseExpression(s) : undefined;
  return { kind: "fold", left: form === "l" || form === "L", op, first, second };
}

/** <braced-expression>* E */
function parseInitList(s: ParserState, type: Node | undefined): InitList {
  const items: Node[] = [];
  while (!s.accept("E")) {
    items.push(parseBraced(s));
  }
  return { kind: "initList", type, items };
}

/** <braced-expression> */
function parseBraced(s: ParserState): Node {
  return s.nested(() => {
    const base = {
      kind: "designated",
      member: undefined,
      low: undefined,
      high: undefined,
    } as const;
    if (s.accept("di")) {
      const member = parseSourceName(s);
      return { ...base, member, value: parseBraced(s) };
    }
    if (s.accept("dx")) {
      const low = parseExpression(s);
      return { ...base, low, value: parseBraced(s) };
    }
    if (s.accept("dX")) {
      const low = parseExpression(s);
      const high = parseExpression(s);
      return { ...base, low, high, value: parseBraced(s) };
    }
    return parseExpression(s);
  });
}

/** `u <source-name> <template-arg>* E` */
function parseVendorExpression(s: ParserState): Node {
  s.expect("u");
  const callee = parseSourceName(s);
  const args: Node[] = [];
  while (!s.accept("E")) {
    args.push(parseTemplateArg(s));
  }
  return { kind: "call", callee, args };
}

function parseOffset(s: ParserState): number {
  return s.peek() === "n" || isDigit(s.peek()) ? Number(s.signedDigits()) : 0;
}

/** `so <type> <expression> [<offset>] <union-selector>* [p] E` */
function parseSubobject(s: ParserState): Node {
  s.expect("so");
  const type = parseType(s);
  const expr = parseExpression(s);
  const offset = parseOffset(s);
  while (s.accept("_")) {
    if (s.peek() === "n" || isDigit(s.peek())) {
      s.signedDigits();
    }
  }
  s.accept("p");
  s.expect("E");
  return { kind: "subobject", type, expr, offset };
}
