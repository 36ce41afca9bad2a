import type { Node, PackExpansion, Template, TemplateParam } from "./itanium-ast.js";
import { fail, MAX_DEPTH, MAX_OUTPUT, MAX_STEPS } from "./limits.js";

export interface PrintOptions {
  /** Print template arguments. */
  readonly templateArgs: boolean;
  /** Print the parameters of functions around local names. */
  readonly enclosingParams: boolean;
}

/**
 * A declarator part that waits for its place: C++ writes `int (*)[3]`, where the mangled name has
 * the pointer outside of the array. Types push themselves on this chain, print what they are made
 * of, and print their own part if no function or array type in there took it.
 */
export interface Modifier {
  readonly node: Node;
  taken: boolean;
  /** The next one further out. */
  readonly outer: Modifier | undefined;
}

/**
 * What has been printed and what is around the place that is printed next. The functions that
 * print the kinds of nodes (`itanium-print-*.ts`) share one, and print what nodes contain with its
 * methods, which keep the limits.
 */
export class Printer {
  text = "";
  private lastChar = "";
  /** A separator that is written once something follows it. */
  private pending = "";
  modifiers: Modifier | undefined;
  /** In a pack expansion: the parameter that stands for one argument of the pack, and for which. */
  private element: { readonly param: TemplateParam; readonly arg: Node } | undefined;
  /** In a requires-clause template parameters keep their names. */
  inConstraint = false;
  private depth = 0;
  private steps = 0;

  constructor(
    readonly options: PrintOptions,
    /** Prints a node of any kind. */
    private readonly printNode: (p: Printer, node: Node) => void,
  ) {}

  /** The last character written, counting a separator that is due. */
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

  /** Prints `node` with no declarator parts of what is around it. */
  printApart(node: Node): void {
    this.apart(() => this.print(node));
  }

  apart(print: () => void): void {
    const modifiers = this.modifiers;
    this.modifiers = undefined;
    print();
    this.modifiers = modifiers;
  }

  /** Comma separated; what prints as nothing (an empty pack) leaves no comma. */
  printList(items: readonly Node[]): void {
    const outer = this.pending;
    let first = true;
    for (const item of items) {
      const start = this.text.length;
      this.pending = first ? outer : ", ";
      this.print(item);
      if (item.kind === "declaredArg" && this.text.length === start) {
        // It counts as something, whatever it prints as.
        this.text += this.pending;
        this.lastChar = " ";
        this.pending = "";
        first = false;
      }
      first &&= this.text.length === start;
    }
    this.pending = first ? outer : "";
  }

  /** Comma separated; in expressions and packs an empty pack does leave its comma. */
  printOperands(items: readonly Node[]): void {
    for (const [i, item] of items.entries()) {
      if (i > 0) {
        this.write(", ");
      }
      this.print(item);
    }
  }

  /** The node that a template parameter stands for here. */
  resolve(node: Node): Node {
    if (node.kind !== "templateParam" || this.inConstraint) {
      return node;
    }
    // pprof's demangler replaces the first use of the first pack only, and so do we.
    return node === this.element?.param ? this.element.arg : argumentOf(node);
  }

  /** Prints what `node` resolved to: its own template parameters are not in the expansion. */
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

  /** A template parameter by its position: how requires-clauses are printed. */
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

  /** `<...>` after a template's name. */
  printTemplateArgs(template: Template): void {
    if (!this.options.templateArgs) {
      return;
    }
    this.apart(() => {
      // Not to be read as `<<` and `>>`.
      this.write(this.last === "<" ? " <" : "<");
      this.printList(template.args);
      this.write(this.last === ">" ? " >" : ">");
    });
  }
}

function argumentOf(param: TemplateParam): Node {
  return param.template?.args[param.index] ?? fail();
}
