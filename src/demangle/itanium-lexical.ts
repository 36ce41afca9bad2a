import type { ModuleName, Node, Text } from "./itanium-ast.js";
import type { ParserState } from "./itanium-state.js";
import { fail } from "./limits.js";

// Parses the productions that contain no types, names or expressions.

export function parseSourceName(s: ParserState): Text {
  const text = parseIdentifier(s);
  return { kind: "text", text: isAnonymousNamespace(text) ? "(anonymous namespace)" : text };
}

function parseIdentifier(s: ParserState): string {
  const length = s.number();
  if (length === 0 || s.pos + length > s.text.length) {
    fail();
  }
  const text = s.text.slice(s.pos, s.pos + length);
  s.pos += length;
  return text;
}

/** Tests for GCC's and clang's names: `_GLOBAL__N_1`, `_GLOBAL_.N.file`, `_GLOBAL_$N$...`. */
function isAnonymousNamespace(text: string): boolean {
  return /^_GLOBAL_[._$]N/.test(text) && text.length > "_GLOBAL__N".length;
}

export function parseAbiTags(s: ParserState, start: Node): Node {
  let name = start;
  while (s.accept("B")) {
    s.step();
    name = { kind: "tagged", name, tag: parseIdentifier(s) };
  }
  return name;
}

/** <module-name>; each part is a substitution. */
export function parseModuleName(s: ParserState, start: ModuleName | undefined): ModuleName {
  let module = start;
  while (s.accept("W")) {
    s.step();
    const partition = s.accept("P");
    module = { kind: "moduleName", parent: module, partition, name: parseSourceName(s) };
    s.addSubstitution(module);
  }
  return module ?? fail();
}

/** <discriminator>: distinguishes entities with the same name; never printed. */
export function parseDiscriminator(s: ParserState): void {
  if (s.peek() !== "_") {
    return;
  }
  s.pos++;
  // `_ <digit>` (more digits in old compilers), or `__ <number> _` for 10 and above.
  const long = s.accept("_");
  const number = s.number();
  if (long && number >= 10) {
    s.expect("_");
  }
}

/** <CV-qualifiers>, in print order, the reverse of the mangled order. */
export function parseCv(s: ParserState): string[] {
  const quals: string[] = [];
  for (;;) {
    if (s.accept("r")) {
      quals.push("restrict");
    } else if (s.accept("V")) {
      quals.push("volatile");
    } else if (s.accept("K")) {
      quals.push("const");
    } else {
      return quals.reverse();
    }
  }
}
