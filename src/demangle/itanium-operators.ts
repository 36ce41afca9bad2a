import type { NewExpr, Node, Operator, Unary } from "./itanium-ast.js";
import type { ParserState } from "./itanium-state.js";
import { OPERATORS } from "./itanium-tables.js";
import { withTemplateArgs } from "./itanium-template-args.js";
import { parseType } from "./itanium-types.js";
import { parseUnqualifiedName } from "./itanium-unqualified.js";
import { fail } from "./limits.js";

/** The code of an operator and its operands. */
export function parseOperatorExpression(s: ParserState): Node {
  const global = s.accept("gs");
  if (global && !/^(?:nw|na|dl|da)/.test(s.text.slice(s.pos, s.pos + 2))) {
    return { kind: "global", expr: s.grammar.expression(s) };
  }
  if (s.accept("cv")) {
    return parseCastExpression(s);
  }
  if (s.accept("cl") || s.accept("cp")) {
    const callee = s.grammar.expression(s);
    return { kind: "call", callee, args: parseExpressionsUntil(s, "E") };
  }
  const code = s.text.slice(s.pos, s.pos + 2);
  const op = operator(code);
  s.pos += 2;
  switch (code) {
    case "nw":
    case "na":
      return parseNew(s, op, global);
    case "dc":
    case "sc":
    case "cc":
    case "rc": {
      const type = parseType(s);
      return { kind: "namedCast", keyword: op.text, type, expr: s.grammar.expression(s) };
    }
    case "st":
      return unary(op, parseType(s), { parens: true });
    case "pp":
    case "mm": {
      const prefix = s.accept("_");
      return unary(op, s.grammar.expression(s), { postfix: !prefix });
    }
    case "dt":
    case "pt": {
      const left = s.grammar.expression(s);
      return { kind: "binary", op, left, right: parseMember(s) };
    }
    case "dl":
    case "da":
      return unary(global ? { ...op, text: `::${op.text}` } : op, s.grammar.expression(s), {});
  }
  switch (OPERATORS.get(code)?.arity) {
    case 1:
      return unary(op, s.grammar.expression(s), {});
    case 2: {
      const left = s.grammar.expression(s);
      return { kind: "binary", op, left, right: s.grammar.expression(s) };
    }
    case 3: {
      const test = s.grammar.expression(s);
      const whenTrue = s.grammar.expression(s);
      return { kind: "conditional", test, yes: whenTrue, no: s.grammar.expression(s) };
    }
    default:
      return fail();
  }
}

function unary(
  op: Operator,
  operand: Node,
  form: { readonly postfix?: boolean; readonly parens?: boolean },
): Unary {
  const { postfix = false, parens = false } = form;
  return { kind: "unary", op, operand, postfix, parens };
}

/** The member after `.` or `->`: an <unresolved-name>, or another expression in GCC. */
function parseMember(s: ParserState): Node {
  const isOther = ["sr", "gs", "on", "dn", "cl", "cv", "sp", "L_", "fp"].some((code) =>
    s.text.startsWith(code, s.pos),
  );
  const c = s.peek();
  if (isOther || c === "T" || c === "L" || c === "S") {
    return s.grammar.expression(s);
  }
  return withTemplateArgs(s, parseUnqualifiedName(s, undefined));
}

/** `cv <type> <expression>`, `cv <type> _ <expression>* E` */
function parseCastExpression(s: ParserState): Node {
  const outer = s.inConversionType;
  s.inConversionType = false;
  const type = parseType(s);
  s.inConversionType = outer;
  if (s.accept("_")) {
    return {
      kind: "typeCast",
      type,
      expr: { kind: "exprList", items: parseExpressionsUntil(s, "E") },
    };
  }
  return { kind: "typeCast", type, expr: s.grammar.expression(s) };
}

/** `nw <expression>* _ <type> (E | pi <expression>* E | il <braced-expression>* E)` */
function parseNew(s: ParserState, op: Operator, global: boolean): NewExpr {
  const placement = parseExpressionsUntil(s, "_");
  const type = parseType(s);
  let init: Node | undefined;
  if (s.accept("pi")) {
    init = { kind: "exprList", items: parseExpressionsUntil(s, "E") };
  } else if (s.peek() === "i" && s.peek(1) === "l") {
    init = s.grammar.expression(s);
  } else {
    s.expect("E");
  }
  return { kind: "new", op, global, placement, type, init };
}

function parseExpressionsUntil(s: ParserState, end: string): Node[] {
  const items: Node[] = [];
  while (!s.accept(end)) {
    items.push(s.grammar.expression(s));
  }
  return items;
}

export function operator(code: string): Operator {
  const info = OPERATORS.get(code);
  return info ? { kind: "operator", code, text: info.text } : fail();
}
