import type { Lambda, Node, TemplateParamDecl } from "./itanium-ast.js";
import { printMethodQuals, printSignature, printTyped } from "./itanium-print-types.js";
import type { Printer } from "./itanium-printer.js";

/** Prints `node` if it is a name, else returns false. */
export function printName(p: Printer, node: Node): boolean {
  switch (node.kind) {
    case "qualified":
      if (node.local) {
        printEnclosing(p, node.scope);
      } else {
        p.printApart(node.scope);
      }
      p.write("::");
      p.print(node.name);
      return true;
    case "template":
      p.apart(() => p.print(node.name));
      p.printTemplateArgs(node);
      return true;
    case "typed":
      printTyped(p, node);
      return true;
    case "methodName":
      p.print(node.name);
      printMethodQuals(p, node.quals);
      return true;
    case "ctorDtor":
      p.write(node.tilde ? "~" : "");
      p.print(node.name);
      return true;
    case "operator":
      p.write("operator");
      // `operator new` and similar operators are words.
      p.write(/^[a-z]/.test(node.text) ? " " : "");
      p.write(node.text.trimEnd());
      return true;
    case "namedOperator":
      p.write(node.prefix);
      p.print(node.name);
      return true;
    case "conversion":
      p.write("operator ");
      p.printApart(node.type);
      return true;
    case "lambda":
      printLambda(p, node);
      return true;
    case "templateParamDecl":
      printTemplateParamDecl(p, node);
      return true;
    case "tagged":
      p.print(node.name);
      p.write(`[abi:${node.tag}]`);
      return true;
    case "inModule":
      p.print(node.name);
      p.write("@");
      p.print(node.module);
      return true;
    case "moduleName":
      if (node.parent) {
        p.print(node.parent);
      }
      if (node.partition) {
        p.write(":");
      } else if (node.parent) {
        p.write(".");
      }
      p.print(node.name);
      return true;
    case "structuredBinding":
      p.write("[");
      p.printList(node.names);
      p.write("]");
      return true;
    case "friend":
      p.write("friend ");
      p.print(node.name);
      return true;
    case "constrained":
      p.print(node.name);
      p.write(" requires ");
      printConstraint(p, node.constraint);
      return true;
    case "enableIf":
      p.print(node.typed);
      p.write(" [enable_if:");
      p.printList(node.args);
      p.write("]");
      return true;
    default:
      return false;
  }
}

/** Prints a function around a local name: no return type, and parameters only on request. */
function printEnclosing(p: Printer, scope: Node): void {
  const typed = scope.kind === "constrained" ? scope.name : scope;
  if (typed.kind !== "typed") {
    p.printApart(scope);
    return;
  }
  p.apart(() => {
    p.print(typed.name);
    if (p.options.enclosingParams) {
      printSignature(p, typed.type);
    } else {
      p.write("()");
      printMethodQuals(p, typed.type.quals);
    }
  });
}

function printLambda(p: Printer, node: Lambda): void {
  p.write("{lambda");
  if (node.templateParams.length > 0) {
    p.write("<");
    p.printList(node.templateParams);
    p.write(">");
  }
  if (node.constraint) {
    p.write(" requires ");
    printConstraint(p, node.constraint);
    p.write(" ");
  }
  p.write("(");
  p.printList(node.params);
  p.write(")");
  if (node.trailingConstraint) {
    p.write(" requires ");
    printConstraint(p, node.trailingConstraint);
  }
  p.write(`#${node.number}}`);
}

function printConstraint(p: Printer, constraint: Node): void {
  const outer = p.inConstraint;
  p.inConstraint = true;
  p.printApart(constraint);
  p.inConstraint = outer;
}

function printTemplateParamDecl(p: Printer, decl: TemplateParamDecl): void {
  switch (decl.form) {
    case "type":
      p.write(decl.pack ? "typename ..." : "typename ");
      p.write(decl.name);
      return;
    case "value":
      if (decl.type) {
        p.printApart(decl.type);
      }
      if (decl.pack) {
        p.write("...");
      } else {
        p.write(` ${decl.name}`);
      }
      return;
    case "constrained":
      if (decl.type) {
        p.printApart(decl.type);
      }
      p.write(` ${decl.name}`);
      p.write(decl.pack ? "..." : "");
      return;
    case "template":
      p.write("template<");
      p.printList(decl.params);
      p.write("> typename ");
      p.write(decl.pack ? "..." : "");
      p.write(decl.name);
      return;
  }
}
