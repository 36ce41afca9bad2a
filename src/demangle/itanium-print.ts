import type { Node } from "./itanium-ast.js";
import { printExpression } from "./itanium-print-expressions.js";
import { printName } from "./itanium-print-names.js";
import { printType } from "./itanium-print-types.js";
import { Printer, type PrintOptions } from "./itanium-printer.js";

/** Prints a tree as C++, within the limits of `limits.ts`. */
export function printTree(tree: Node, options: PrintOptions): string {
  const printer = new Printer(options, printNode);
  printer.print(tree);
  return printer.text;
}

function printNode(p: Printer, node: Node): void {
  switch (node.kind) {
    case "text":
    case "builtin":
      p.write(node.text);
      return;
    case "templateParam":
      p.printTemplateParam(node);
      return;
    case "pack":
      p.printOperands(node.args);
      return;
    case "declaredArg":
      p.print(node.arg);
      return;
    case "packExpansion":
      p.printExpansion(node);
      return;
    case "special":
      p.write(node.prefix);
      p.print(node.subject);
      if (node.within) {
        p.write("-in-");
        p.print(node.within);
      }
      return;
  }
  if (!printName(p, node) && !printType(p, node)) {
    printExpression(p, node);
  }
}
