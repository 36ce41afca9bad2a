import type { Node, Requirement } from "./itanium-ast.js";
import type { ParserState } from "./itanium-state.js";
import { parseType } from "./itanium-types.js";
import { fail } from "./limits.js";

export function parseRequires(s: ParserState): Node {
  const params: Node[] = [];
  if (s.accept("rQ")) {
    while (!s.accept("_")) {
      params.push(parseType(s));
    }
  } else {
    s.expect("rq");
  }
  const requirements: Requirement[] = [];
  do {
    requirements.push(parseRequirement(s));
  } while (!s.accept("E"));
  return { kind: "requires", params, requirements };
}

function parseRequirement(s: ParserState): Requirement {
  switch (s.next()) {
    case "X": {
      const node = s.grammar.expression(s);
      const noexcept = s.accept("N");
      const constraint = s.accept("R") ? parseType(s) : undefined;
      return { form: "expr", node, noexcept, constraint };
    }
    case "T":
      return { form: "type", node: parseType(s), noexcept: false, constraint: undefined };
    case "Q":
      return {
        form: "nested",
        node: s.grammar.expression(s),
        noexcept: false,
        constraint: undefined,
      };
    default:
      return fail();
  }
}
