import type { FunctionType, MethodName, Node, Template } from "./itanium-ast.js";
import { NO_QUALS } from "./itanium-ast.js";
import { parseName } from "./itanium-names.js";
import { withoutVoid } from "./itanium-nodes.js";
import { parseSpecialName } from "./itanium-special.js";
import type { ParserState } from "./itanium-state.js";
import { parseConstraint, parseTemplateArgs } from "./itanium-template-args.js";
import { parseType } from "./itanium-types.js";

export interface EncodingOptions {
  /** Stop after the name, without the parameters of a function. */
  readonly nameOnly?: boolean;
}

/** <encoding>: a special name, or the name of an object, or of a function with its signature. */
export function parseEncoding(s: ParserState, options: EncodingOptions = {}): Node {
  return s.nested(() => {
    const c = s.peek();
    if (c === "T" || c === "G") {
      return parseSpecialName(s);
    }
    const name = parseName(s);
    if (options.nameOnly) {
      return withoutMethodQuals(name);
    }
    if (s.atEnd() || s.peek() === "E") {
      return name;
    }
    return parseSignature(s, name);
  });
}

/** <bare-function-type> of `fullName`. */
function parseSignature(s: ParserState, fullName: Node): Node {
  const template = lastTemplate(fullName);
  const outer = { template: s.template, lambda: s.lambdaDepth, declared: s.lambdaDeclared };
  // Template parameters in the signature refer to the function's own arguments.
  s.template = template;
  s.lambdaDepth = 0;
  s.lambdaDeclared = [];
  const method = methodNameOf(fullName);
  const name = withoutMethodQuals(fullName);
  const enableIf = s.accept("Ua9enable_if") ? parseTemplateArgs(s) : undefined;
  // Return types are mangled for function templates, and after `J` (Java).
  const explicit = s.accept("J");
  const ret = explicit || (template && hasReturnType(fullName)) ? parseType(s) : undefined;
  const params: Node[] = [];
  do {
    params.push(parseType(s));
  } while (!s.atEnd() && s.peek() !== "E" && s.peek() !== "." && s.peek() !== "Q");
  const constraint = parseConstraint(s);
  s.template = outer.template;
  s.lambdaDepth = outer.lambda;
  s.lambdaDeclared = outer.declared;
  const type: FunctionType = {
    kind: "function",
    ret,
    params: withoutVoid(params),
    specs: [],
    quals: method?.quals ?? NO_QUALS,
    explicitThis: method?.explicitThis ?? false,
  };
  let typed: Node = { kind: "typed", name, type };
  if (constraint) {
    typed = { kind: "constrained", name: typed, constraint };
  }
  return enableIf ? { kind: "enableIf", typed, args: enableIf } : typed;
}

/** Returns the template that a name ends with: the function template, for functions. */
function lastTemplate(fullName: Node): Template | undefined {
  let name = fullName;
  while (name.kind === "qualified" || name.kind === "methodName") {
    name = name.name;
  }
  return name.kind === "template" ? name : undefined;
}

/** Tests for a return type: constructors, destructors and conversion operators have none. */
function hasReturnType(fullName: Node): boolean {
  let name = fullName;
  while (
    name.kind === "template" ||
    name.kind === "qualified" ||
    name.kind === "methodName" ||
    name.kind === "tagged" ||
    name.kind === "inModule" ||
    name.kind === "friend"
  ) {
    name = name.name;
  }
  return name.kind !== "ctorDtor" && name.kind !== "conversion";
}

/** Returns the part with the qualifiers of `this`, which C++ prints after the parameters. */
function methodNameOf(name: Node): MethodName | undefined {
  if (name.kind === "methodName") {
    return name;
  }
  return name.kind === "qualified" && name.local ? methodNameOf(name.name) : undefined;
}

function withoutMethodQuals(name: Node): Node {
  if (name.kind === "methodName") {
    return name.name;
  }
  if (name.kind === "qualified" && name.local) {
    const inner = withoutMethodQuals(name.name);
    return inner === name.name ? name : { ...name, name: inner };
  }
  return name;
}
