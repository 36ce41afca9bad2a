import type { LambdaParam, Node, TemplateParam, Text } from "./itanium-ast.js";
import { parseAbiTags } from "./itanium-lexical.js";
import type { ParserState } from "./itanium-state.js";
import { STANDARD_SUBSTITUTIONS } from "./itanium-tables.js";
import { fail } from "./limits.js";

export const STD: Text = { kind: "text", text: "std" };

/**
 * <substitution>. In a <prefix> (`scoped`), a class that `S` abbreviates is spelled out before its
 * constructor or destructor, whose name is the name of the class template.
 */
export function findSubstitution(s: ParserState, scoped: boolean): Node {
  s.expect("S");
  const letter = s.peek();
  if (letter === "t") {
    s.pos++;
    return STD;
  }
  const standard = STANDARD_SUBSTITUTIONS.get(letter);
  if (!standard) {
    const index = s.sequenceId();
    return rebind(s, s.substitutions[index] ?? fail());
  }
  s.pos++;
  const inStd = (text: string): Node => ({
    kind: "qualified",
    scope: STD,
    name: { kind: "text", text },
    local: false,
  });
  const next = s.peek();
  if (scoped && standard.className !== "" && (next === "C" || next === "D")) {
    return {
      kind: "template",
      name: inStd(standard.className),
      args: standard.classArgs.map((text): Text => ({ kind: "text", text })),
    };
  }
  if (next !== "B") {
    return inStd(standard.text);
  }
  const tagged = parseAbiTags(s, inStd(standard.text));
  s.addSubstitution(tagged);
  return tagged;
}

/** Returns the meaning of the template parameter `T<index>_` at this position. */
export function templateParamAt(s: ParserState, index: number): TemplateParam | LambdaParam {
  if (s.lambdaDepth > 0) {
    return { kind: "lambdaParam", index, declared: s.lambdaDeclared[index] };
  }
  const template = s.template;
  if (template) {
    if (index >= template.args.length) {
      fail();
    }
    return { kind: "templateParam", index, template };
  }
  if (!s.unbound) {
    fail();
  }
  const param: TemplateParam = { kind: "templateParam", index, template: undefined };
  s.unbound.push(param);
  return param;
}

/**
 * Copies a substitution so that its template parameters refer to the current scope, as if its
 * mangled text were repeated here. Returns `node` itself if nothing changes.
 */
function rebind(s: ParserState, node: Node): Node {
  const done = new Map<object, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) {
      return value;
    }
    const known = done.get(value);
    if (known !== undefined) {
      return known;
    }
    s.step();
    const result = s.nested(() => copyObject(value));
    done.set(value, result);
    return result;
  };
  const copyObject = (value: object): unknown => {
    if (isParam(value)) {
      return rebindParam(s, value);
    }
    if (isClosed(value)) {
      return value;
    }
    let changed = false;
    if (Array.isArray(value)) {
      const items = value.map((item: unknown) => {
        const to = copy(item);
        changed ||= to !== item;
        return to;
      });
      return changed ? items : value;
    }
    const entries = Object.entries(value).map(([key, from]: [string, unknown]) => {
      // The expanded pack was determined where the expansion was read.
      const to = key === "expanded" ? from : copy(from);
      changed ||= to !== from;
      return [key, to] as const;
    });
    return changed ? Object.fromEntries(entries) : value;
  };
  // The copy has the same shape as the original.
  return copy(node) as Node;
}

function isParam(value: object): value is TemplateParam | LambdaParam {
  return "kind" in value && (value.kind === "templateParam" || value.kind === "lambdaParam");
}

/** Tests for functions and lambdas, which have their own template parameters. */
function isClosed(value: object): boolean {
  return "kind" in value && (value.kind === "typed" || value.kind === "lambda");
}

function rebindParam(s: ParserState, param: TemplateParam | LambdaParam): Node {
  if (s.lambdaDepth > 0) {
    const declared = s.lambdaDeclared[param.index];
    if (param.kind === "lambdaParam" && param.declared === declared) {
      return param;
    }
    return { kind: "lambdaParam", index: param.index, declared };
  }
  const template = s.template;
  if (!template && s.unbound && s.inConversionType) {
    return templateParamAt(s, param.index);
  }
  if (!template || param.index >= template.args.length) {
    return param;
  }
  if (param.kind === "templateParam" && param.template === template) {
    return param;
  }
  return { kind: "templateParam", index: param.index, template };
}
