import type { Node, PackExpansion, Template, TemplateParam } from "./itanium-ast.js";
import { fail, MAX_DEPTH, MAX_OUTPUT, MAX_STEPS } from "./limits.js";

export interface PrintOptions {
  readonly templateArgs: boolean;
  /** Print the parameters of functions around local names. */
  readonly enclosingParams: boolean;
}

/**
 * A pending declarator part. C++ writes `int (*)[3]`, while the mangled name has the pointer
 * outside of the array. So a type adds itself to this chain, prints its base, and then prints its
 * own part unless a function or array type in the base has printed it.
 */
export interface Modifier {
  readonly node: Node;
  taken: boolean;
  /** The next part further out. */
  readonly outer: Modifier | undefined;
}

/**
 * The printed text and the context of the next node. The functions in `itanium-print-*.ts` share a
 * printer and print children with its methods, which enforce the limits.
 */
export class Printer {
  text = "";
  private lastChar = "";
  /** A separator that is written as soon as other text follows. */
  private pending = "";
  modifiers: Modifier | undefined;
  /** In a pack expansion: the parameter of the pack, and the argument that replaces it. */
  private element: { readonly param: TemplateParam; readonly arg: Node } | undefined;
  /** Set in a requires-clause, where template parameters keep their names. */
  inConstraint = false;
  private depth = 0;
  private steps = 0;

  constructor(
    readonly options: PrintOptions,
    private readonly printNode: (p: Printer, node: Node) => void,
  ) {}

  /** The last character, including a pending separator. */
  get last(): string {
    return this.pending === "" ? this.lastChar : " ";
  }

  write(text: string): void {
    if (text === "") {
      return;
    }
    this.text += this.pending + text;
    this.pending = "";
    this.lastChar = text.charAt(text.length - 1);
    if (this.text.length > MAX_OUTPUT) {
      fail();
    }
  }

  print(node: Node): void {
    if (++this.steps > MAX_STEPS || ++this.depth > MAX_DEPTH) {
      fail();
    }
    this.printNode(this, node);
    this.depth--;
  }

  /** Prints `node` without the pending declarator parts of its context. */
  printApart(node: Node): void {
    this.apart(() => this.print(node));
  }

  apart(print: () => void): void {
    const modifiers = this.modifiers;
    this.modifiers = undefined;
    print();
    this.modifiers = modifiers;
  }

  /** Prints nodes separated by commas; an empty pack leaves no comma. */
  printList(items: readonly Node[]): void {
    const outer = this.pending;
    let first = true;
    for (const item of items) {
      const start = this.text.length;
      this.pending = first ? outer : ", ";
      this.print(item);
      if (item.kind === "declaredArg" && this.text.length === start) {
        // The separator counts as text, whatever the item prints.
        this.text += this.pending;
        this.lastChar = " ";
        this.pending = "";
        first = false;
      }
      first &&= this.text.length === start;
    }
    this.pending = first ? outer : "";
  }

  /** Prints nodes separated by commas; in expressions and packs an empty pack leaves its comma. */
  printOperands(items: readonly Node[]): void {
    for (const [i, item] of items.entries()) {
      if (i > 0) {
        this.write(", ");
      }
      this.print(item);
    }
  }

  /** Returns the argument of a template parameter, or `node` itself. */
  resolve(node: Node): Node {
    if (node.kind !== "templateParam" || this.inConstraint) {
      return node;
    }
    // Like pprof's demangler, replace only the first use of the first pack.
    return node === this.element?.param ? this.element.arg : argumentOf(node);
  }

  /** Prints the result of {@link resolve}; its own template parameters are not expanded. */
  printResolved(node: Node, print: () => void): void {
    const { element } = this;
    if (node.kind !== "templateParam") {
      print();
      return;
    }
    this.element = undefined;
    print();
    this.element = node === element?.param ? undefined : element;
  }

  printTemplateParam(param: TemplateParam): void {
    if (this.inConstraint) {
      this.writeParamName(param.index);
      return;
    }
    const arg = this.resolve(param);
    this.printResolved(param, () => this.print(arg));
  }

  /** Writes a template parameter by its position, as in requires-clauses. */
  writeParamName(index: number): void {
    this.write(index === 0 ? "T" : `T${index - 1}`);
  }

  printExpansion(node: PackExpansion): void {
    const { expanded } = node;
    if (!expanded) {
      this.write("(");
      this.print(node.base);
      this.write(")...");
      return;
    }
    const { pack, param } = expanded;
    const outer = this.element;
    for (const [i, arg] of pack.args.entries()) {
      if (i > 0) {
        this.write(", ");
      }
      this.element = param ? { param, arg } : undefined;
      this.print(node.base);
    }
    this.element = outer;
  }

  /** Prints the `<...>` after the name of a template. */
  printTemplateArgs(template: Template): void {
    if (!this.options.templateArgs) {
      return;
    }
    this.apart(() => {
      // Avoids `<<` and `>>`.
      this.write(this.last === "<" ? " <" : "<");
      this.printList(template.args);
      this.write(this.last === ">" ? " >" : ">");
    });
  }
}

function argumentOf(param: TemplateParam): Node {
  return param.template?.args[param.index] ?? fail();
}
