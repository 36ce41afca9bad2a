import type { MethodQuals, Node, Text } from "./itanium-ast.js";
import { parseCv, parseDiscriminator, parseModuleName } from "./itanium-lexical.js";
import type { ParserState } from "./itanium-state.js";
import { findSubstitution, STD } from "./itanium-substitution.js";
import { parseTemplate } from "./itanium-template-args.js";
import { parseDecltype, parseTemplateParam } from "./itanium-types.js";
import { parseUnqualifiedName } from "./itanium-unqualified.js";
import { fail } from "./limits.js";

export function parseName(s: ParserState): Node {
  const outer = s.unbound;
  const name = s.nested(() => parseAnyName(s));
  if (s.unbound && s.unbound !== outer && s.unbound.length > 0) {
    // Template parameters of a conversion operator that has no template arguments.
    fail();
  }
  s.unbound = outer;
  return name;
}

function parseAnyName(s: ParserState): Node {
  switch (s.peek()) {
    case "N":
      return parseNestedName(s);
    case "Z":
      return parseLocalName(s);
    case "S":
      return parseUnscopedStd(s);
    default: {
      const name = parseUnqualifiedName(s, undefined);
      return s.peek() === "I" ? parseUnscopedTemplate(s, name) : name;
    }
  }
}

/** <unscoped-template-name> <template-args>: the name of the template is a substitution too. */
function parseUnscopedTemplate(s: ParserState, name: Node): Node {
  s.addSubstitution(name);
  return parseTemplate(s, name);
}

/** <unscoped-name> that starts with `St`, or a substitution with template arguments. */
function parseUnscopedStd(s: ParserState): Node {
  if (s.peek(1) === "t") {
    s.pos += 2;
    const module = s.peek() === "W" ? parseModuleName(s, undefined) : undefined;
    const name: Node = {
      kind: "qualified",
      scope: STD,
      name: parseUnqualifiedName(s, undefined, module),
      local: false,
    };
    return s.peek() === "I" ? parseUnscopedTemplate(s, name) : name;
  }
  const start = findSubstitution(s, false);
  if (start.kind === "moduleName") {
    const name = parseUnqualifiedName(s, undefined, parseModuleName(s, start));
    return s.peek() === "I" ? parseUnscopedTemplate(s, name) : name;
  }
  return s.peek() === "I" ? parseTemplate(s, start) : start;
}

function parseNestedName(s: ParserState): Node {
  s.expect("N");
  const explicitThis = s.accept("H");
  const cv = parseCv(s);
  const ref = s.accept("R") ? "&" : s.accept("O") ? "&&" : "";
  const name = parsePrefix(s);
  s.expect("E");
  if (cv.length === 0 && ref === "" && !explicitThis) {
    return name;
  }
  const quals: MethodQuals = { cv, ref };
  return { kind: "methodName", name, quals, explicitThis };
}

/** <prefix>, up to the `E` of its <nested-name>. Every part except the last is substitutable. */
function parsePrefix(s: ParserState): Node {
  let prefix: Node | undefined;
  for (;;) {
    s.step();
    const c = s.peek();
    let substitutable = true;
    if (c === "S") {
      const start: Node = findSubstitution(s, true);
      if (start.kind === "moduleName") {
        const name = parseUnqualifiedName(s, prefix, parseModuleName(s, start));
        prefix = prefix ? { kind: "qualified", scope: prefix, name, local: false } : name;
      } else if (prefix) {
        fail();
      } else {
        substitutable = false;
        prefix = start;
      }
    } else if (c === "T" && !prefix) {
      prefix = parseTemplateParam(s);
    } else if (c === "D" && !prefix && (s.peek(1) === "t" || s.peek(1) === "T")) {
      prefix = parseDecltype(s);
    } else if (c === "I") {
      if (!prefix) {
        fail();
      }
      prefix = parseTemplate(s, prefix);
    } else if (c === "E") {
      return prefix ?? fail();
    } else if (c === "M") {
      // <data-member-prefix>: a closure in the initializer of this member follows.
      if (!prefix) {
        fail();
      }
      s.pos++;
      continue;
    } else {
      const name = parseUnqualifiedName(s, prefix);
      prefix = prefix ? { kind: "qualified", scope: prefix, name, local: false } : name;
    }
    if (substitutable && s.peek() !== "E") {
      s.addSubstitution(prefix);
    }
  }
}

function parseLocalName(s: ParserState): Node {
  s.expect("Z");
  const scope = s.grammar.encoding(s);
  s.expect("E");
  const within = (name: Node): Node => ({ kind: "qualified", scope, name, local: true });
  if (s.accept("s")) {
    parseDiscriminator(s);
    return within({ kind: "text", text: "string literal" });
  }
  if (s.accept("d")) {
    const number = s.compactNumber() + 1;
    const argument: Text = { kind: "text", text: `{default arg#${number}}` };
    const name = parseName(s);
    return within({ kind: "qualified", scope: argument, name, local: true });
  }
  const name = parseName(s);
  parseDiscriminator(s);
  return within(name);
}
