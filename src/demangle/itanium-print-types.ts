import type { ArrayType, FunctionType, MethodQuals, Node, Suffixed, Typed } from "./itanium-ast.js";
import type { Modifier, Printer } from "./itanium-printer.js";

/** Prints `node` if it is a type, else returns false. */
export function printType(p: Printer, node: Node): boolean {
  switch (node.kind) {
    case "suffixed":
      printSuffixed(p, node);
      return true;
    case "cv":
      printCv(p, node.base, node.quals);
      return true;
    case "vendorQualified":
    case "vector":
      printModified(p, node, node.base);
      return true;
    case "memberPointer":
      printModified(p, node, node.member);
      return true;
    case "function":
      printFunction(p, node);
      return true;
    case "array":
      printArray(p, node);
      return true;
    case "decltype":
      p.write("decltype (");
      p.printApart(node.expr);
      p.write(")");
      return true;
    case "elaborated":
      p.write(`${node.keyword} `);
      p.print(node.type);
      return true;
    case "applied":
      p.write(`${node.name}(`);
      p.apart(() => p.printList(node.args));
      p.write(")");
      return true;
    case "lambdaParam":
      if (p.inConstraint) {
        p.writeParamName(node.index);
      } else {
        p.write(node.declared ?? `auto:${node.index + 1}`);
      }
      return true;
    default:
      return false;
  }
}

/** Prints `base`, with `node` as a pending declarator part. */
function printModified(p: Printer, node: Node, base: Node): void {
  const modifier: Modifier = { node, taken: false, outer: p.modifiers };
  p.modifiers = modifier;
  p.print(base);
  p.modifiers = modifier.outer;
  if (!modifier.taken) {
    printModifier(p, node);
  }
}

function printSuffixed(p: Printer, node: Suffixed): void {
  if (node.suffix === "&" || node.suffix === "&&") {
    // References to references collapse: only `&&` to `&&` remains `&&`.
    const inner = p.resolve(node.base);
    if (inner !== node.base && inner.kind === "suffixed") {
      const { base, suffix } = inner;
      if (suffix === "&" || suffix === "&&") {
        const collapsed: Suffixed = suffix === "&" ? inner : { ...node, base };
        p.printResolved(node.base, () => printModified(p, collapsed, base));
        return;
      }
    }
  }
  printModified(p, node, node.base);
}

/**
 * Merges the qualifiers of a template parameter with those of its argument. The qualifiers of an
 * array apply to its elements.
 */
function printCv(p: Printer, base: Node, quals: readonly string[]): void {
  const inner = p.resolve(base);
  if (inner.kind === "cv") {
    const all = [...quals, ...inner.quals.filter((qual) => !quals.includes(qual))];
    p.printResolved(base, () => printCv(p, inner.base, all));
  } else if (inner.kind === "array") {
    const element: Node = { kind: "cv", base: inner.element, quals };
    p.printResolved(base, () => p.print({ ...inner, element }));
  } else if (inner.kind === "function") {
    const cv = [...quals, ...inner.quals.cv.filter((qual) => !quals.includes(qual))];
    const method = { ...inner, quals: { ...inner.quals, cv } };
    p.printResolved(base, () => p.print(method));
  } else {
    printModified(p, { kind: "cv", base, quals }, base);
  }
}

/** Prints the declarator part of `node`. */
function printModifier(p: Printer, node: Node): void {
  switch (node.kind) {
    case "suffixed":
      p.write(node.suffix);
      return;
    case "cv":
      for (const qual of node.quals) {
        p.write(` ${qual}`);
      }
      return;
    case "vendorQualified":
      p.write(" ");
      p.printApart(node.qual);
      return;
    case "vector":
      p.write(" __vector(");
      p.printApart(node.dimension);
      p.write(")");
      return;
    case "memberPointer":
      if (p.last !== "(") {
        p.write(" ");
      }
      p.printApart(node.owner);
      p.write("::*");
      return;
    default:
      p.printApart(node);
  }
}

/** Prints the pending parts from the innermost outwards; functions and arrays end the walk. */
function printModifiers(p: Printer, from: Modifier | undefined): void {
  for (let m = from; m; m = m.outer) {
    if (m.taken) {
      continue;
    }
    m.taken = true;
    if (m.node.kind === "function") {
      printFunctionTail(p, m.node, m.outer);
      return;
    }
    if (m.node.kind === "array") {
      printArrayTail(p, m.node, m.outer);
      return;
    }
    printModifier(p, m.node);
  }
}

function printFunction(p: Printer, node: FunctionType): void {
  const outer = p.modifiers;
  if (node.ret) {
    const self: Modifier = { node, taken: false, outer };
    p.modifiers = self;
    p.print(node.ret);
    p.modifiers = outer;
    if (self.taken) {
      return;
    }
    p.write(" ");
  }
  printFunctionTail(p, node, outer);
}

/** Prints the part of a function type after its return type. */
function printFunctionTail(p: Printer, node: FunctionType, modifiers: Modifier | undefined): void {
  const first = firstDeclarator(modifiers);
  if (first) {
    // `(*(*` stays together; `* (A::*` and `* (const` do not.
    const apart = first.kind === "suffixed" ? p.last !== "(" && p.last !== "*" : true;
    if (apart && p.last !== " ") {
      p.write(" ");
    }
    p.write("(");
    printModifiers(p, modifiers);
    p.write(")");
  } else {
    printModifiers(p, modifiers);
  }
  p.apart(() => printSignature(p, node));
}

/** Returns the first pending part that a function or array binds tighter than. */
function firstDeclarator(modifiers: Modifier | undefined): Node | undefined {
  for (let m = modifiers; m; m = m.outer) {
    if (m.taken) {
      continue;
    }
    if (m.node.kind === "suffixed" || m.node.kind === "memberPointer" || m.node.kind === "cv") {
      return m.node;
    }
    if (m.node.kind === "function" || m.node.kind === "array") {
      return undefined;
    }
  }
  return undefined;
}

/** Prints `(...)` and the qualifiers after it. */
export function printSignature(p: Printer, node: FunctionType): void {
  p.write("(");
  if (node.explicitThis) {
    p.write("this ");
  }
  p.apart(() => p.printList(node.params));
  p.write(")");
  for (const spec of node.specs) {
    p.write(` ${spec.text}`);
    const args = spec.args;
    if (args) {
      p.write("(");
      p.apart(() => p.printList(args));
      p.write(")");
    }
  }
  printMethodQuals(p, node.quals);
}

export function printMethodQuals(p: Printer, quals: MethodQuals): void {
  for (const qual of quals.cv) {
    p.write(` ${qual}`);
  }
  if (quals.ref !== "") {
    p.write(` ${quals.ref}`);
  }
}

/** Prints a function: its name is the innermost declarator part of its type. */
export function printTyped(p: Printer, node: Typed): void {
  p.apart(() => {
    p.modifiers = { node: node.name, taken: false, outer: undefined };
    printFunction(p, node.type);
  });
}

function printArray(p: Printer, node: ArrayType): void {
  const self: Modifier = { node, taken: false, outer: p.modifiers };
  p.modifiers = self;
  p.print(node.element);
  p.modifiers = self.outer;
  if (!self.taken) {
    printArrayTail(p, node, self.outer);
  }
}

function printArrayTail(p: Printer, node: ArrayType, modifiers: Modifier | undefined): void {
  let waiting = modifiers;
  while (waiting?.taken) {
    waiting = waiting.outer;
  }
  let space = true;
  if (waiting?.node.kind === "array") {
    // `[3][4]`
    printModifiers(p, waiting);
    space = false;
  } else if (waiting) {
    p.write(" (");
    printModifiers(p, waiting);
    p.write(")");
  }
  p.write(space ? " [" : "[");
  if (node.dimension) {
    const dimension = node.dimension;
    p.printApart(dimension);
  }
  p.write("]");
}
