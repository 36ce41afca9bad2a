import type { InModule, ModuleName, Node, Text } from "./itanium-ast.js";
import {
  parseAbiTags,
  parseDiscriminator,
  parseModuleName,
  parseSourceName,
} from "./itanium-lexical.js";
import { withoutVoid } from "./itanium-nodes.js";
import { isDigit, isLower, type ParserState } from "./itanium-state.js";
import { OPERATORS } from "./itanium-tables.js";
import { parseConstraint, parseTemplateParamDecls } from "./itanium-template-args.js";
import { fail } from "./limits.js";

/** <unqualified-name> with its ABI tags. `scope` determines the name of constructors. */
export function parseUnqualifiedName(
  s: ParserState,
  scope: Node | undefined,
  module?: ModuleName,
): Node {
  const isFriend = s.accept("F");
  let name = parseUntaggedName(s, scope, module);
  if (isFriend) {
    name = { kind: "friend", name };
  }
  return parseAbiTags(s, name);
}

function parseUntaggedName(
  s: ParserState,
  scope: Node | undefined,
  given: ModuleName | undefined,
): Node {
  const module = s.peek() === "W" ? parseModuleName(s, given) : given;
  const c = s.peek();
  if (c === "L") {
    s.pos++;
    const name = isDigit(s.peek()) ? parseSourceName(s) : parseUntaggedName(s, scope, undefined);
    parseDiscriminator(s);
    return inModule(name, module);
  }
  if (isDigit(c)) {
    return inModule(parseSourceName(s), module);
  }
  if (isLower(c)) {
    return inModule(parseOperatorName(s), module);
  }
  switch (c) {
    case "C":
    case "D":
      if (c === "D" && s.peek(1) === "C") {
        return inModule(parseStructuredBinding(s), module);
      }
      return parseCtorDtor(s, scope);
    case "U":
      return inModule(parseUnnamedType(s), module);
    default:
      return fail();
  }
}

function inModule(name: Node, module: ModuleName | undefined): Node {
  const result: InModule | Node = module ? { kind: "inModule", name, module } : name;
  return result;
}

export function parseOperatorName(s: ParserState): Node {
  if (s.accept("cv")) {
    return parseConversion(s);
  }
  if (s.accept("li")) {
    return { kind: "namedOperator", prefix: 'operator"" ', name: parseSourceName(s) };
  }
  if (s.peek() === "v" && isDigit(s.peek(1))) {
    s.pos += 2;
    return { kind: "namedOperator", prefix: "operator ", name: parseSourceName(s) };
  }
  const code = s.text.slice(s.pos, s.pos + 2);
  const info = OPERATORS.get(code);
  if (!info) {
    fail();
  }
  s.pos += 2;
  return { kind: "operator", code, text: info.text };
}

/** `cv <type>`. Its template parameters refer to the arguments after it: see parseTemplate. */
function parseConversion(s: ParserState): Node {
  const outer = { unbound: s.unbound, inType: s.inConversionType };
  if (!s.template) {
    s.unbound ??= [];
  }
  s.inConversionType = true;
  const type = s.grammar.type(s);
  s.inConversionType = outer.inType;
  if (outer.unbound) {
    s.unbound = outer.unbound;
  }
  return { kind: "conversion", type };
}

function parseCtorDtor(s: ParserState, scope: Node | undefined): Node {
  const tilde = s.next() === "D";
  if (!scope) {
    fail();
  }
  const inherited = !tilde && s.accept("I");
  // The variant (complete, base, deleting, ...) is not printed.
  if (!isDigit(s.next())) {
    fail();
  }
  if (inherited) {
    // The base class of an inherited constructor is not printed.
    s.grammar.type(s);
  }
  return { kind: "ctorDtor", tilde, name: classNameOf(scope) };
}

/** Returns the name of the constructors of `scope`. */
function classNameOf(scope: Node): Node {
  let name = scope;
  while (
    name.kind === "qualified" ||
    name.kind === "template" ||
    name.kind === "tagged" ||
    name.kind === "inModule"
  ) {
    name = name.name;
  }
  return name;
}

/** `DC <source-name>+ E` */
function parseStructuredBinding(s: ParserState): Node {
  s.expect("DC");
  const names: Node[] = [];
  do {
    s.step();
    names.push(parseSourceName(s));
  } while (!s.accept("E"));
  return { kind: "structuredBinding", names };
}

/** <unnamed-type-name> and <closure-type-name> */
function parseUnnamedType(s: ParserState): Node {
  s.expect("U");
  if (s.accept("t")) {
    const text: Text = { kind: "text", text: `{unnamed type#${s.compactNumber() + 1}}` };
    return text;
  }
  s.expect("l");
  const outerDeclared = s.lambdaDeclared;
  s.lambdaDepth++;
  s.lambdaDeclared = [];
  const templateParams = parseTemplateParamDecls(s);
  const constraint = parseConstraint(s);
  const params: Node[] = [];
  let trailingConstraint: Node | undefined;
  while (!s.accept("E")) {
    trailingConstraint = parseConstraint(s);
    if (trailingConstraint) {
      s.expect("E");
      break;
    }
    params.push(s.grammar.type(s));
  }
  s.lambdaDepth--;
  s.lambdaDeclared = outerDeclared;
  return {
    kind: "lambda",
    templateParams,
    constraint,
    params: withoutVoid(params),
    trailingConstraint,
    number: s.compactNumber() + 1,
  };
}
