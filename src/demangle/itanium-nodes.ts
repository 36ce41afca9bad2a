import type { ExpandedPack, Node, PackExpansion } from "./itanium-ast.js";
import type { ParserState } from "./itanium-state.js";

// Functions of the parser that examine nodes.

export function isBuiltin(node: Node | undefined, text: string): boolean {
  return node?.kind === "builtin" && node.text === text;
}

/** Returns an empty list for a parameter list of just `void`. */
export function withoutVoid(params: Node[]): Node[] {
  return params.length === 1 && isBuiltin(params[0], "void") ? [] : params;
}

/** Returns a pack expansion of `base`, with the arguments of the first pack in it. */
export function expansionOf(s: ParserState, base: Node): PackExpansion {
  return { kind: "packExpansion", base, expanded: findPack(s, base) };
}

/** Returns the first parameter pack in `node` with known arguments. */
export function findPack(s: ParserState, node: Node): ExpandedPack | undefined {
  const seen = new Set<object>();
  const search = (value: unknown): ExpandedPack | undefined => {
    if (typeof value !== "object" || value === null || seen.has(value)) {
      return undefined;
    }
    seen.add(value);
    s.step();
    return s.nested(() => searchIn(value));
  };
  const searchIn = (value: object): ExpandedPack | undefined => {
    if (isNode(value)) {
      switch (value.kind) {
        case "templateParam": {
          const arg = value.template?.args[value.index];
          return arg?.kind === "pack" ? { pack: arg, param: value } : undefined;
        }
        case "packExpansion":
        case "lambda":
        case "typed":
          return undefined;
        case "pack":
          return { pack: value, param: undefined };
      }
    }
    for (const child of Object.values(value)) {
      const found = search(child);
      if (found) {
        return found;
      }
    }
    return undefined;
  };
  return search(node);
}

function isNode(value: object): value is Node {
  return "kind" in value;
}
