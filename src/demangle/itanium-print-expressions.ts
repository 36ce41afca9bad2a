import type {
  Binary,
  Designated,
  Fold,
  NewExpr,
  Node,
  RequiresExpr,
  SizeofPack,
  Unary,
} from "./itanium-ast.js";
import type { Printer } from "./itanium-printer.js";
import { LITERAL_SUFFIXES } from "./itanium-tables.js";
import { fail } from "./limits.js";

/** Prints `node` as an expression. */
export function printExpression(p: Printer, node: Node): void {
  p.apart(() => printApartExpression(p, node));
}

function printApartExpression(p: Printer, node: Node): void {
  switch (node.kind) {
    case "unary":
      printUnary(p, node);
      return;
    case "binary":
      printBinary(p, node);
      return;
    case "conditional":
      printOperand(p, node.test);
      p.write("?");
      printOperand(p, node.yes);
      p.write(" : ");
      printOperand(p, node.no);
      return;
    case "call":
      printCallee(p, node.callee);
      printInParens(p, node.args);
      return;
    case "namedCast":
      p.write(`${node.keyword}<`);
      p.print(node.type);
      p.write(">");
      printInParens(p, [node.expr]);
      return;
    case "typeCast":
      p.write("(");
      p.print(node.type);
      p.write(")");
      printOperand(p, node.expr);
      return;
    case "exprList":
      p.printOperands(node.items);
      return;
    case "new":
      printNew(p, node);
      return;
    case "initList":
      if (node.type) {
        p.print(node.type);
      }
      p.write("{");
      p.printOperands(node.items);
      p.write("}");
      return;
    case "designated":
      printDesignated(p, node);
      return;
    case "literal":
      printLiteral(p, node.type, node.value, node.negative);
      return;
    case "stringLiteral":
      printStringLiteral(p, node.type);
      return;
    case "functionParam":
      p.write(node.number === 0 ? "this" : `{parm#${node.number}}`);
      return;
    case "sizeofPack":
      printSizeofPack(p, node);
      return;
    case "sizeofArgs":
      p.write(String(countArgs(node.args)));
      return;
    case "fold":
      printFold(p, node);
      return;
    case "nullary":
      p.write(node.op.text);
      return;
    case "global":
      p.write("::");
      p.print(node.expr);
      return;
    case "subobject":
      p.print(node.expr);
      p.write(".<");
      p.print(node.type);
      p.write(` at offset ${node.offset}>`);
      return;
    case "memberPointerCast":
      p.write("(");
      p.print(node.type);
      p.write(")");
      printInParens(p, [node.expr]);
      return;
    case "requires":
      printRequires(p, node);
      return;
    default:
      fail();
  }
}

function printInParens(p: Printer, items: readonly Node[]): void {
  p.write("(");
  p.printOperands(items);
  p.write(")");
}

/** Prints an operand, in parentheses unless it is a plain name. */
function printOperand(p: Printer, node: Node): void {
  const { kind } = node;
  const plain =
    kind === "text" ||
    kind === "initList" ||
    kind === "functionParam" ||
    (kind === "qualified" && !node.local);
  if (plain) {
    p.print(node);
  } else {
    printInParens(p, [node]);
  }
}

/** Prints a called function, without parameters unless it is a template. */
function printCallee(p: Printer, node: Node): void {
  if (node.kind !== "typed") {
    printOperand(p, node);
  } else if (endsWithTemplate(node.name)) {
    p.print(node);
  } else {
    printOperand(p, node.name);
  }
}

function endsWithTemplate(name: Node): boolean {
  return name.kind === "qualified" ? endsWithTemplate(name.name) : name.kind === "template";
}

function printUnary(p: Printer, node: Unary): void {
  const op = node.op.kind === "operator" ? node.op : fail();
  if (node.postfix) {
    printOperand(p, node.operand);
    p.write(op.text);
    return;
  }
  p.write(op.text);
  let operand = node.operand;
  if (op.code === "ad" && operand.kind === "typed" && hasNoMethodQuals(operand)) {
    // The address of a function is printed without its parameters.
    operand = operand.name;
    if (operand.kind === "qualified" && endsWithTemplate(operand)) {
      printInParens(p, [operand]);
      return;
    }
  }
  if (node.parens) {
    printInParens(p, [operand]);
  } else {
    printOperand(p, operand);
  }
}

function hasNoMethodQuals(node: Node): boolean {
  return node.kind === "typed" && node.type.quals.cv.length === 0 && node.type.quals.ref === "";
}

function printBinary(p: Printer, node: Binary): void {
  // A bare `>` would end the enclosing template arguments.
  const guarded = node.op.code === "gt" || node.op.code === "rs";
  p.write(guarded ? "(" : "");
  printOperand(p, node.left);
  if (node.op.code === "ix") {
    p.write("[");
    p.print(node.right);
    p.write("]");
  } else {
    p.write(node.op.text);
    printOperand(p, node.right);
  }
  p.write(guarded ? ")" : "");
}

function printNew(p: Printer, node: NewExpr): void {
  p.write(node.global ? "::" : "");
  p.write("new ");
  if (node.placement.length > 0) {
    printInParens(p, node.placement);
    p.write(" ");
  }
  p.print(node.type);
  if (node.init?.kind === "exprList") {
    printInParens(p, node.init.items);
  } else if (node.init) {
    p.print(node.init);
  }
}

function printDesignated(p: Printer, node: Designated): void {
  if (node.member) {
    p.write(".");
    p.print(node.member);
  } else if (node.low) {
    p.write("[");
    p.print(node.low);
    if (node.high) {
      p.write(" ... ");
      p.print(node.high);
    }
    p.write("]");
  }
  if (node.value.kind === "designated") {
    p.print(node.value);
  } else {
    p.write("=");
    printOperand(p, node.value);
  }
}

const FLOATING = new Set(["float", "double", "long double", "__float128"]);

function printLiteral(p: Printer, type: Node, value: string, negative: boolean): void {
  const name = type.kind === "builtin" ? type.text : "";
  const sign = negative ? "-" : "";
  const suffix = LITERAL_SUFFIXES.get(name);
  if (suffix !== undefined) {
    p.write(sign + value + suffix);
    return;
  }
  if (name === "bool" && !negative && (value === "0" || value === "1")) {
    p.write(value === "1" ? "true" : "false");
    return;
  }
  p.write("(");
  p.print(type);
  p.write(")");
  p.write(FLOATING.has(name) ? `${sign}[${value}]` : sign + value);
}

function printStringLiteral(p: Printer, type: Node): void {
  if (type.kind === "lambda") {
    p.write("[]");
    printInParens(p, type.params);
    p.write("{...}");
    return;
  }
  p.write('"<');
  p.print(type);
  p.write('>"');
}

function printSizeofPack(p: Printer, node: SizeofPack): void {
  if (node.expanded) {
    p.write(String(countArgs(node.expanded.pack.args)));
    return;
  }
  p.write("sizeof...");
  printInParens(p, [node.expr]);
}

/** Returns the number of arguments after pack expansion. */
function countArgs(args: readonly Node[]): number {
  let count = 0;
  for (const arg of args) {
    if (arg.kind === "packExpansion" && arg.expanded) {
      count += countArgs(arg.expanded.pack.args);
      continue;
    }
    const param = arg.kind === "templateParam" ? arg.template?.args[arg.index] : undefined;
    count += param?.kind === "pack" ? param.args.length : 1;
  }
  return count;
}

function printFold(p: Printer, node: Fold): void {
  const op = (): void => {
    if (node.op.kind === "operator") {
      p.write(node.op.text);
    } else {
      p.print(node.op);
    }
  };
  p.write("(");
  if (node.second) {
    printOperand(p, node.first);
    op();
    p.write("...");
    op();
    printOperand(p, node.second);
  } else if (node.left) {
    p.write("...");
    op();
    printOperand(p, node.first);
  } else {
    printOperand(p, node.first);
    op();
    p.write("...");
  }
  p.write(")");
}

function printRequires(p: Printer, node: RequiresExpr): void {
  p.write("requires");
  if (node.params.length > 0) {
    p.write(" (");
    p.printList(node.params);
    p.write(")");
  }
  p.write(" { ");
  for (const requirement of node.requirements) {
    switch (requirement.form) {
      case "expr": {
        const compound = requirement.noexcept || requirement.constraint !== undefined;
        p.write(compound ? "{" : "");
        p.print(requirement.node);
        p.write(compound ? "}" : "");
        p.write(requirement.noexcept ? " noexcept" : "");
        if (requirement.constraint) {
          p.write(" -> ");
          p.print(requirement.constraint);
        }
        break;
      }
      case "type":
        p.write("typename ");
        p.print(requirement.node);
        break;
      case "nested":
        p.write("requires ");
        p.print(requirement.node);
        break;
    }
    p.write("; ");
  }
  p.write("}");
}
