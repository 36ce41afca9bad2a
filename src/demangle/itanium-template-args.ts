import type { Node, Template, TemplateParamDecl } from "./itanium-ast.js";
import type { ParserState } from "./itanium-state.js";
import { fail } from "./limits.js";

/** `Q <expression>`: a requires-clause. */
export function parseConstraint(s: ParserState): Node | undefined {
  return s.accept("Q") ? s.grammar.expression(s) : undefined;
}

/** <template-param-decl>*; the signature of a lambda refers to them by number. */
export function parseTemplateParamDecls(s: ParserState, outer?: DeclCounts): TemplateParamDecl[] {
  const decls: TemplateParamDecl[] = [];
  const counts = outer ?? { type: 0, value: 0, template: 0, constrained: 0 };
  for (;;) {
    if (s.peek() !== "T" || !"yptnk".includes(s.peek(1) || "?")) {
      return decls;
    }
    const decl = parseTemplateParamDecl(s, counts);
    decls.push(decl);
    if (!outer) {
      s.lambdaDeclared.push(decl.name);
    }
  }
}

type DeclCounts = Record<TemplateParamDecl["form"], number>;

/** A <template-param-decl>, named `$T`, `$N` or `$TT` with the number of earlier ones. */
function parseTemplateParamDecl(s: ParserState, counts: DeclCounts): TemplateParamDecl {
  return s.nested(() => {
    s.expect("T");
    const nameOf = (letters: string, form: TemplateParamDecl["form"]): string => {
      const n = counts[form]++;
      return n === 0 ? letters : `${letters}${n - 1}`;
    };
    const kind = "templateParamDecl" as const;
    const none = { pack: false, type: undefined, params: [] };
    switch (s.next()) {
      case "y":
        return { kind, ...none, form: "type", name: nameOf("$T", "type") };
      case "n": {
        const name = nameOf("$N", "value");
        return { kind, ...none, form: "value", name, type: s.grammar.type(s) };
      }
      case "k": {
        const name = nameOf("$T", "type");
        return { kind, ...none, form: "constrained", name, type: s.grammar.name(s) };
      }
      case "t": {
        const name = nameOf("$TT", "template");
        const params = parseTemplateParamDecls(s, counts);
        s.expect("E");
        return { kind, ...none, form: "template", name, params };
      }
      case "p":
        return { ...parseTemplateParamDecl(s, counts), pack: true };
      default:
        return fail();
    }
  });
}

/** <template-args> after `name`; the result is substitutable. */
export function parseTemplate(s: ParserState, name: Node): Template {
  const waiting = s.inConversionType ? undefined : s.unbound;
  const template: Template = { kind: "template", name, args: parseTemplateArgs(s) };
  if (waiting && isConversion(name)) {
    for (const param of waiting) {
      param.template = template;
    }
    s.unbound = undefined;
  }
  return template;
}

/** <template-args> after `name`, if present. */
export function withTemplateArgs(s: ParserState, name: Node): Node {
  return s.peek() === "I" ? parseTemplate(s, name) : name;
}

function isConversion(fullName: Node): boolean {
  let name = fullName;
  while (name.kind === "qualified" || name.kind === "tagged") {
    name = name.name;
  }
  return name.kind === "conversion";
}

export function parseTemplateArgs(s: ParserState): Node[] {
  if (!s.accept("I") && !s.accept("J")) {
    fail();
  }
  const outer = s.inConversionType;
  s.inConversionType = false;
  const args: Node[] = [];
  s.nested(() => {
    while (!s.accept("E")) {
      if (s.peek() === "Q") {
        aside(s, () => parseConstraint(s));
        s.expect("E");
        break;
      }
      args.push(parseTemplateArg(s));
    }
  });
  s.inConversionType = outer;
  return args;
}

/** Reads an unprinted part of template arguments; it may use parameters that they bind. */
function aside(s: ParserState, read: () => void): void {
  const outer = { template: s.template, unbound: s.unbound };
  s.template = undefined;
  s.unbound = [];
  read();
  s.template = outer.template;
  s.unbound = outer.unbound;
}

export function parseTemplateArg(s: ParserState): Node {
  switch (s.peek()) {
    case "X": {
      s.pos++;
      const expr = s.grammar.expression(s);
      s.expect("E");
      return expr;
    }
    case "L":
      return s.grammar.exprPrimary(s);
    case "I":
    case "J":
      return { kind: "pack", args: parseTemplateArgs(s) };
    case "T":
      if ("yptnk".includes(s.peek(1) || "?")) {
        // The declaration of a template parameter, before its argument; not printed.
        aside(s, () =>
          parseTemplateParamDecl(s, { type: 0, value: 0, template: 0, constrained: 0 }),
        );
        return { kind: "declaredArg", arg: parseTemplateArg(s) };
      }
      return s.grammar.type(s);
    default:
      return s.grammar.type(s);
  }
}
